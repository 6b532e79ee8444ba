import ARPG
import ARPGTensor

extension VQTokenizer {
  /// The weights of a new tokenizer: kernels normal with the deviation 1/sqrt(inputs), gains 1, biases 0, codes of unit
  /// length. The last convolution of a residual or attention block starts small, so that blocks begin as the identity.
  ///
  /// - Parameter seed: of the random numbers.
  public static func initialParameters(_ configuration: VQConfiguration, seed: UInt64) -> [String: Tensor] {
    let generator = Philox(seed: seed)
    var parameters: [String: Tensor] = [:]
    for (index, entry) in parameterTable(configuration).enumerated() {
      let count = entry.shape.reduce(1, *)
      if entry.shape.count == 1 {
        parameters[entry.name] = Tensor(
          shape: entry.shape, repeating: entry.name.contains("norm") && entry.name.hasSuffix("weight") ? 1 : 0)
        continue
      }
      let isCodebook = entry.name == "quantize.embedding.weight"
      let isLast = entry.name.hasSuffix("conv2.weight") || entry.name.hasSuffix("proj_out.weight")
      let deviation = isCodebook ? 1 : (isLast ? 0.1 : 1) / Float(count / entry.shape[0]).squareRoot()
      let tensor = Tensor(shape: entry.shape) { values in
        for start in stride(from: 0, to: count, by: 4) {
          let normals = generator.normals(
            at: SIMD4(UInt32(start / 4), UInt32(index), 0, RandomPurpose.initialization.number))
          for place in start..<min(start + 4, count) {
            values.initializeElement(at: place, to: deviation * normals[place - start])
          }
        }
      }
      parameters[entry.name] = isCodebook ? tensor.normalizedRows() : tensor
    }
    return parameters
  }
}
