import ARPG

/// How well images follow the stored controls of one adapter: by its own scores where it has some, otherwise by how much the
/// control that an image follows differs from the one given, where an image tells.
struct ControlScorer: Sendable {
  /// What is measured; empty where an image does not tell its control.
  let scores: [ScoreDescriptor]
  private let adapter: any TrainableAdapter
  private let context: PreprocessingContext

  /// The difference between two control images.
  static let difference = ScoreDescriptor(
    "difference", "mean absolute difference between the control of the image and the one given, 0 to 1",
    isHigherBetter: false)

  /// The scores of an adapter.
  ///
  /// - Parameters:
  ///   - adapter: whose controls.
  ///   - image: tells whether the control of an image can be told.
  ///   - context: of the model.
  /// - Throws: what the adapter does.
  init(_ adapter: any TrainableAdapter, trying image: Image, in context: PreprocessingContext) throws {
    self.adapter = adapter
    self.context = context
    if let scored = adapter as? any ScoredAdapter {
      scores = scored.scores
    } else {
      scores = try adapter.control(of: TrainingImage(image: image), in: context)?.image == nil ? [] : [Self.difference]
    }
  }

  /// A number for each score; nil for one that cannot be told.
  func values(of image: Image, following control: PreparedControl) throws -> [Double?] {
    if let scored = adapter as? any ScoredAdapter {
      let values = try scored.scores(of: image, following: control, in: context)
      return scores.map { score in values[score.name].flatMap { $0.isFinite ? $0 : nil } }
    }
    guard let wanted = control.image else { return scores.map { _ in nil } }
    return try scores.map { _ in
      try adapter.control(of: TrainingImage(image: image), in: context)?.image?.meanAbsoluteDifference(from: wanted)
    }
  }
}

extension Image {
  /// The mean absolute difference to another image over all channels, 0 to 1; nil where their sizes differ.
  fileprivate func meanAbsoluteDifference(from other: Image) -> Double? {
    guard width == other.width, height == other.height else { return nil }
    let sum = zip(pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / 255 / Double(pixels.count)
  }
}
