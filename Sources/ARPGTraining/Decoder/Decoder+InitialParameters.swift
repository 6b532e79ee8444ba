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
      tensors[entry.name] = generator.normalTensor(
        shape: entry.shape, deviation: 0.02, number: number, purpose: RandomPurpose.initialization.number)
    }
    return tensors
  }
}
