import ARPG
import ARPGLayers
import ARPGTensor

/// A small convolutional network that tells of an image which class it shows and how deep it is, to evaluate what a
/// generator made: stages of halved sides, of which the last gives the class by its mean, and two of doubled sides that add
/// what the others saw and give the depth.
public struct Evaluator: Module {
  /// The sizes.
  public let configuration: EvaluatorConfiguration
  private let half, quarter, eighth, sixteenth, eighthAgain, quarterAgain: EvaluatorStage
  private let depthHead: Convolution
  private let classHead: Linear

  /// Takes the tensors by their names.
  public init(_ configuration: EvaluatorConfiguration, _ parameters: ParameterReader) {
    let channels = configuration.channels
    self.configuration = configuration
    half = EvaluatorStage(12, channels, .none, parameters.scoped("half."))
    quarter = EvaluatorStage(channels, 2 * channels, .halved, parameters.scoped("quarter."))
    eighth = EvaluatorStage(2 * channels, 4 * channels, .halved, parameters.scoped("eighth."))
    sixteenth = EvaluatorStage(4 * channels, 4 * channels, .halved, parameters.scoped("sixteenth."))
    eighthAgain = EvaluatorStage(4 * channels, 4 * channels, .doubled, parameters.scoped("eighth_again."))
    quarterAgain = EvaluatorStage(4 * channels, 2 * channels, .doubled, parameters.scoped("quarter_again."))
    depthHead = Convolution(2 * channels, 1, kernel: 3, parameters.scoped("depth."))
    classHead = Linear(4 * channels, configuration.classes.count, bias: true, parameters.scoped("class.head."))
  }

  /// Evaluates images; differentiable.
  ///
  /// - Parameter images: `[batch, 3, image_size, image_size]` in -1 ... 1.
  /// - Returns: logits `[batch, classes]` and depth `[batch, 1, image_size / 4, image_size / 4]`, 0 far and 1 near, not
  ///   clamped.
  public func callAsFunction(_ images: Tensor) -> (logits: Tensor, depth: Tensor) {
    let quarters = quarter(half(images.pixelUnshuffle(2)))
    let eighths = eighth(quarters)
    let whole = sixteenth(eighths)
    let logits = classHead(whole.spatialMeans())
    let depth = quarterAgain(eighthAgain(whole) + eighths) + quarters
    return (logits, depthHead(depth))
  }

  /// What the evaluator says of an image.
  public struct Prediction: Sendable {
    /// The number of the likeliest class.
    public let classIndex: Int
    /// The depth, 0 far and 1 near, of a quarter of the evaluator's side.
    public let depth: Plane
  }

  /// Evaluates images of any size.
  public func predictions(on images: [Image]) -> [Prediction] {
    guard !images.isEmpty else { return [] }
    let side = configuration.depthSize, classes = configuration.classes.count
    let (logits, depth) = self(Tensor(evaluating: images, side: configuration.imageSize))
    let scores = logits.values, depths = depth.values
    return images.indices.map { index in
      let row = scores[index * classes..<(index + 1) * classes]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      let values = depths[index * side * side..<(index + 1) * side * side]
      return Prediction(
        classIndex: best - row.startIndex,
        depth: Plane(width: side, height: side, values: values.map { max(0, min($0, 1)) }))
    }
  }
}

/// Two convolutions, each with a normalisation and SiLU behind it; the first changes size and channels, to the second its
/// input is added.
private struct EvaluatorStage: Sendable {
  private let resampling: Resampling
  private let layers: [(convolution: Convolution, norm: GroupNorm)]

  init(_ inputs: Int, _ outputs: Int, _ resampling: Resampling, _ parameters: ParameterReader) {
    self.resampling = resampling
    layers = [inputs, outputs].enumerated().map { index, inputs in
      (
        Convolution(inputs, outputs, kernel: 3, parameters.scoped("\(index).")),
        GroupNorm(outputs, groups: 8, parameters.scoped("\(index).norm."))
      )
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let x = apply(0, x, resampling)
    return x + apply(1, x, .none)
  }

  private func apply(_ index: Int, _ x: Tensor, _ resampling: Resampling) -> Tensor {
    layers[index].norm(layers[index].convolution(x, resampling), silu: true)
  }
}

extension Tensor {
  /// Images as an evaluator takes them, `[images, 3, side, side]` in -1 ... 1.
  init(evaluating images: [Image], side: Int) {
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
