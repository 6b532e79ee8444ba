import ARPG
import ARPGTensor

extension Decoder {
  /// The parameters of a new decoder: normal with a deviation of 0.02, gains one, the head zero.
  static func initialParameters(_ configuration: DecoderConfiguration, seed: UInt64) -> [String: Tensor] {
    let generator = Philox(seed: seed)
    var tensors: [String: Tensor] = [:]
    for (number, entry) in parameterTable(configuration).enumerated() {
      if entry.shape.count == 1 || entry.name == "head.weight" {
        tensors[entry.name] = Tensor(shape: entry.shape, repeating: entry.shape.count == 1 ? 1 : 0)
        continue
      }
      tensors[entry.name] = Tensor(shape: entry.shape) { values in
        for start in stride(from: 0, to: values.count, by: 4) {
          let normals = generator.normals(
            at: SIMD4(UInt32(start / 4), UInt32(number), 0, RandomPurpose.initialization.number))
          for index in start..<min(start + 4, values.count) { values[index] = 0.02 * normals[index - start] }
        }
      }
    }
    return tensors
  }
}
