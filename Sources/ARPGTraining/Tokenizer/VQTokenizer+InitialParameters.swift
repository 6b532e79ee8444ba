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
      let tensor = generator.normalTensor(
        shape: entry.shape, deviation: deviation, number: index, purpose: RandomPurpose.initialization.number)
      parameters[entry.name] = isCodebook ? tensor.normalizedRows() : tensor
    }
    return parameters
  }
}
