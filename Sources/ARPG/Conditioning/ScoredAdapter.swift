/// An adapter that tells how well an image follows its control. Beside the rules of ``ControlAdapter`` it keeps these:
///
/// 22. Its scores are well-formed, as `ScoreDescriptor` says, and always the same.
/// 23. Any image of the model's size gets scores that are described and finite; those that cannot be told are left out.
/// 24. Scores depend on image, control and context alone.
/// 25. An image whose own control it is scores at least as well as any other.
public protocol ScoredAdapter: ControlAdapter {
  /// The scores that there are, in the order in which they are shown.
  var scores: [ScoreDescriptor] { get }

  /// How well an image follows a control.
  ///
  /// - Parameters:
  ///   - image: of the model's size.
  ///   - control: what the encoder was given, such as a stored control of data.
  ///   - context: the shape of the model's images, and the names of its classes.
  /// - Returns: a number for each score, by its name; one that cannot be told for this image is left out.
  /// - Throws: where nothing can be told of any image, as without weights that scoring needs.
  func scores(of image: Image, following control: PreparedControl, in context: PreprocessingContext) throws
    -> [String: Double]
}

/// What a score is called, and how it is read.
///
/// Names are made of lower-case letters, digits, hyphens and underscores, with a letter in front; no two scores of an adapter
/// share one. Summaries and units are a line each.
public struct ScoreDescriptor: Sendable, Equatable, Codable {
  /// The name in tables and in JSON.
  public let name: String
  /// What is measured, in one line.
  public let summary: String
  /// What it is measured in: `dB`, for example; nil for a number without a unit.
  public let unit: String?
  /// Whether more is better.
  public let isHigherBetter: Bool

  /// A score; see the properties.
  public init(_ name: String, _ summary: String, unit: String? = nil, isHigherBetter: Bool) {
    self.name = name
    self.summary = summary
    self.unit = unit
    self.isHigherBetter = isHigherBetter
  }
}

extension ScoredAdapter {
  /// Checks the rules of ``ScoreDescriptor``, and that there is a score at all.
  ///
  /// - Throws: ``RegistryError/illFormed(kind:name:reason:)``.
  public func validateScores() throws(RegistryError) {
    let kind = "adapter", adapter = descriptor.name
    func require(_ holds: Bool, _ reason: String) throws(RegistryError) {
      guard holds else { throw .illFormed(kind: kind, name: adapter, reason: reason) }
    }
    let scores = scores
    try require(!scores.isEmpty, "it has no score; describe one, or leave out ScoredAdapter")
    var seen: Set<String> = []
    for score in scores {
      try RegistryError.checkName(score.name, of: kind, as: "its score '\(score.name)'", allowing: "-_")
      try require(seen.insert(score.name).inserted, "it has two scores '\(score.name)'")
      for text in [score.summary, score.unit ?? "none"] {
        try require(
          !text.isEmpty && !text.contains(where: \.isNewline),
          "summary and unit of its score '\(score.name)' are a line each, and not empty")
      }
    }
  }
}
