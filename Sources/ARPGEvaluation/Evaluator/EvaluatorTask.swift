import ARPG
import ARPGLayers
import ARPGScenes
import ARPGTensor
import ARPGTraining
import Foundation

/// Training a ``Evaluator`` on rendered scenes, half of them mirrored.
public struct EvaluatorTask: TrainingTask {
  /// The sizes.
  public let configuration: EvaluatorConfiguration
  /// The weight of the mean absolute error of depth beside the cross-entropy of the class.
  public let depthWeight: Float
  private let scenes: RenderedScenes

  /// A task.
  ///
  /// - Parameters:
  ///   - configuration: the sizes; they must be valid.
  ///   - count: the number of scenes, at least 1.
  ///   - depthWeight: see the property.
  ///   - kinds: what the scenes show; those without a class teach depth alone.
  ///   - seed: of the run; the scenes are those of another, see ``SceneSeed``.
  public init(
    _ configuration: EvaluatorConfiguration, count: Int, depthWeight: Float = 4,
    kinds: SceneMixture = SceneMixture(.classes), seed: UInt64
  ) {
    self.configuration = configuration
    self.depthWeight = depthWeight
    scenes = RenderedScenes(
      SceneDataset(seed: SceneSeed.evaluator.of(seed), size: configuration.imageSize, kinds: kinds), count: count)
  }

  /// The number of scenes.
  public var sampleCount: Int { scenes.count }

  /// The weights of a new evaluator.
  public func initialParameters(seed: UInt64) -> [String: Tensor] {
    Evaluator.initialParameters(configuration, seed: seed)
  }

  /// Evaluates a batch.
  public func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) -> Objective {
    let samples = scenes.samples(batch.samples).enumerated().map { row, sample in
      var random = batch.random(.crop, row: row)
      return random.uniform() < 0.5 ? sample.mirrored : sample
    }
    let evaluator = Evaluator(configuration, ParameterReader(tensors: parameters))
    let (logits, depth) = evaluator(Tensor(evaluating: samples.map(\.image), side: configuration.imageSize))
    let error = depth.meanAbsoluteDistance(to: Tensor(shape: depth.shape, values: samples.flatMap(\.depth.values)))
    var loss = error.scaled(by: depthWeight), metrics = ["depth": Double(error.scalar)]
    let labelled = samples.indices.filter { samples[$0].classIndex != nil }
    if !labelled.isEmpty {
      let classes = labelled.compactMap { samples[$0].classIndex }
      let known = logits.selectingRows(labelled)
      // By the share of the samples that have a class, so that each of these counts alike.
      loss = loss + known.crossEntropy(classes).scaled(by: Float(labelled.count) / Float(samples.count))
      metrics["accuracy"] = Self.accuracy(known, classes)
    }
    return Objective(loss: loss, metrics: metrics)
  }

  private static func accuracy(_ logits: Tensor, _ targets: [Int]) -> Double {
    let classes = logits.shape[1], values = logits.values
    let right = targets.enumerated().filter { row, target in
      values[row * classes..<(row + 1) * classes].max() == values[row * classes + target]
    }
    return Double(right.count) / Double(max(1, targets.count))
  }

  /// Writes the evaluator's file.
  public func writeModel(_ parameters: [String: Tensor], to folder: String) throws {
    try Folder.make(folder)
    try Evaluator.write(parameters, configuration, to: "\(folder)/\(Evaluator.fileName)")
  }
}

extension RenderedScenes.Sample {
  /// The scene with left and right exchanged.
  fileprivate var mirrored: Self {
    let columns = depth.width
    let values = depth.values.indices.map { depth.values[$0 - $0 % columns + columns - 1 - $0 % columns] }
    return Self(
      image: image.mirrored,
      depth: Plane(width: columns, height: depth.height, values: values), classIndex: classIndex)
  }
}

extension Tensor {
  /// The mean absolute distance to a constant of the same shape, a scalar.
  func meanAbsoluteDistance(to constant: Tensor) -> Tensor {
    precondition(shape == constant.shape, "the shapes \(shape) and \(constant.shape) differ")
    let difference = detached().adding(constant.detached(), scale: -1).values
    let shape = shape, share = 1 / Float(count)
    let mean = difference.reduce(0.0) { $0 + Double(abs($1)) } * Double(share)
    return Tensor(shape: [], values: [Float(mean)]).recorded(from: [self]) { gradient in
      let slope = gradient.scalar * share
      return [Tensor(shape: shape, values: difference.map { $0 > 0 ? slope : $0 < 0 ? -slope : 0 })]
    }
  }
}
