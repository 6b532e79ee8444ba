import ARPG
import ARPGTensor

/// A small convolutional network that tells of a picture which class it shows and how deep it is, to judge what a
/// generator made: stages of halved sides, of which the last gives the class by its mean, and two of doubled sides that add
/// what the others saw and give the depth.
public struct Judge: Module {
  /// The sizes.
  public let configuration: JudgeConfiguration
  private let half, quarter, eighth, sixteenth, eighthAgain, quarterAgain: JudgeStage
  private let depthWeight, depthBias, classWeight, classBias: Tensor

  /// Takes the tensors by their names.
  public init(_ configuration: JudgeConfiguration, _ parameters: ParameterReader) {
    let channels = configuration.channels
    self.configuration = configuration
    half = JudgeStage(12, channels, .none, parameters.scoped("half."))
    quarter = JudgeStage(channels, 2 * channels, .halved, parameters.scoped("quarter."))
    eighth = JudgeStage(2 * channels, 4 * channels, .halved, parameters.scoped("eighth."))
    sixteenth = JudgeStage(4 * channels, 4 * channels, .halved, parameters.scoped("sixteenth."))
    eighthAgain = JudgeStage(4 * channels, 4 * channels, .doubled, parameters.scoped("eighth_again."))
    quarterAgain = JudgeStage(4 * channels, 2 * channels, .doubled, parameters.scoped("quarter_again."))
    depthWeight = parameters.tensor("depth.weight", 1, 2 * channels, 3, 3)
    depthBias = parameters.tensor("depth.bias", 1)
    classWeight = parameters.tensor("class.head.weight", configuration.classes.count, 4 * channels)
    classBias = parameters.tensor("class.head.bias", configuration.classes.count)
  }

  /// Judges pictures; differentiable.
  ///
  /// - Parameter images: `[batch, 3, image_size, image_size]` in -1 ... 1.
  /// - Returns: logits `[batch, classes]` and depth `[batch, 1, image_size / 4, image_size / 4]`, 0 far and 1 near, not
  ///   clamped.
  public func callAsFunction(_ images: Tensor) -> (logits: Tensor, depth: Tensor) {
    let quarters = quarter(half(images.pixelUnshuffle(2)))
    let eighths = eighth(quarters)
    let whole = sixteenth(eighths)
    let logits = whole.spatialMeans().linear(classWeight, bias: classBias)
    let depth = quarterAgain(eighthAgain(whole) + eighths) + quarters
    return (logits, depth.conv2d(depthWeight, bias: depthBias))
  }

  /// What the judge says of a picture.
  public struct Verdict: Sendable {
    /// The number of the likeliest class.
    public let classIndex: Int
    /// The depth, 0 far and 1 near, of a quarter of the judge's side.
    public let depth: Plane
  }

  /// Judges pictures of any size.
  public func verdicts(on images: [Image]) -> [Verdict] {
    guard !images.isEmpty else { return [] }
    let side = configuration.depthSize, classes = configuration.classes.count
    let (logits, depth) = self(Tensor(judging: images, side: configuration.imageSize))
    let scores = logits.values, depths = depth.values
    return images.indices.map { index in
      let row = scores[index * classes..<(index + 1) * classes]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      let values = depths[index * side * side..<(index + 1) * side * side]
      return Verdict(
        classIndex: best - row.startIndex,
        depth: Plane(width: side, height: side, values: values.map { max(0, min($0, 1)) }))
    }
  }
}

/// Two convolutions, each with a normalisation and SiLU behind it; the first changes size and channels, to the second its
/// input is added.
private struct JudgeStage: Sendable {
  private let resampling: Resampling
  private let layers: [(weight: Tensor, bias: Tensor, gain: Tensor, shift: Tensor)]

  init(_ inputs: Int, _ outputs: Int, _ resampling: Resampling, _ parameters: ParameterReader) {
    self.resampling = resampling
    layers = [inputs, outputs].enumerated().map { index, inputs in
      (
        parameters.tensor("\(index).weight", outputs, inputs, 3, 3), parameters.tensor("\(index).bias", outputs),
        parameters.tensor("\(index).norm.weight", outputs), parameters.tensor("\(index).norm.bias", outputs)
      )
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let x = apply(0, x, resampling)
    return x + apply(1, x, .none)
  }

  private func apply(_ index: Int, _ x: Tensor, _ resampling: Resampling) -> Tensor {
    let layer = layers[index]
    return x.conv2d(layer.weight, bias: layer.bias, resampling: resampling)
      .groupNorm(groups: 8, gain: layer.gain, bias: layer.shift, eps: 1e-6, silu: true)
  }
}

extension Tensor {
  /// Pictures as a judge takes them, `[pictures, 3, side, side]` in -1 ... 1.
  init(judging images: [Image], side: Int) {
    let size = ImageSize(width: side, height: side)
    let tensors = images.map { image in
      (image.width == side && image.height == side ? image : image.resized(to: size, filter: .box)).tensor
    }
    self.init(shape: [images.count, 3, side, side]) { out in
      for (index, tensor) in tensors.enumerated() {
        let part = UnsafeMutableBufferPointer(rebasing: out[index * tensor.count..<(index + 1) * tensor.count])
        tensor.withValues { _ = part.initialize(from: $0) }
      }
    }
  }
}
