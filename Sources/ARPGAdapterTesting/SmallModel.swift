import ARPG
import ARPGDecoder
import ARPGTensor

/// A decoder and a tokenizer that are small enough to check with, with random weights, so that nothing needs to be loaded.
enum SmallModel {
  /// The number of classes.
  static let classes = 4
  private static let codes = 24, factor = 8

  /// A decoder of two passes with six layers for images of a size in pixels.
  static func decoder(imageSize: Int) -> any ImageDecoder {
    let grid = imageSize / factor
    let sizes = TwoPassConfiguration(
      dim: 32, layers: 6, heads: 2, hidden: 64, vocab: codes, classes: classes, tokens: grid * grid)
    return TwoPassDecoder(sizes, reader(TwoPassDecoder.initialParameters(sizes, seed: 11)))
  }

  /// A tokenizer of squares of 8 x 8 pixels.
  static func tokenizer() -> any ImageTokenizer {
    let sizes = VQConfiguration(
      channels: 8, multipliers: [1, 1, 1, 1], blocks: 1, latent: 8, codebook: codes, codeDim: 4, groups: 4)
    return VQTokenizer(sizes, reader(VQTokenizer.initialParameters(sizes, seed: 12)))
  }

  private static func reader(_ tensors: [String: Tensor]) -> ParameterReader {
    ParameterReader(tensors: ParameterSet(tensors).perturbed(seed: 13).tensors)
  }
}

extension ParameterSet {
  /// As after some training: nothing stays at zero.
  func perturbed(seed: UInt64) -> ParameterSet {
    var moved = self
    let generator = Philox(seed: seed)
    for (number, name) in names.enumerated() {
      guard let tensor = tensors[name] else { continue }
      let noise = generator.normalTensor(shape: tensor.shape, deviation: 1, number: number, purpose: .kit)
      let size = (tensor.values.reduce(0) { $0 + $1 * $1 } / Float(max(1, tensor.count))).squareRoot()
      moved.tensors[name] = tensor.adding(noise, scale: size > 0 ? 0.2 * size : 0.1)
    }
    return moved
  }
}

extension RandomPurpose {
  /// The random numbers of checks.
  static let kit = RandomPurpose.custom(0x6B69)
}
