import ARPG
import ARPGTensor
import ARPGTraining

/// Measures how well a model follows the controls of prepared data: those of any adapter, by the adapter's own scores.
///
/// An adapter that conforms to ``/ARPG/ScoredAdapter`` says how well an image follows a control. For another one whose
/// `control(of:in:)` tells the control of an image it is the mean absolute difference of the control images, `difference`. For
/// the rest an image does not tell, and the scores of the other adapters are measured alone.
public struct DataEvaluation: Sendable {
  /// Images that are compared.
  public enum Row: Sendable, Hashable {
    /// What the tokenizer makes of the stored codes: the bound for all that follows.
    case reconstruction
    /// Generated from the class alone, or from nothing: the baseline.
    case uncontrolled
    /// Generated from the controls of one adapter.
    case control(String)
    /// Generated from all controls together.
    case all

    /// Its name in tables.
    public var name: String {
      switch self {
      case .reconstruction: "reconstruction"
      case .uncontrolled: "no control"
      case .control(let name): name
      case .all: "all"
      }
    }

    /// Whether the images are generated.
    public var isGenerated: Bool { self != .reconstruction }
  }

  /// The names of the adapters whose controls are followed.
  public var controls: [String] { images.names }
  /// Whether images with a class are generated with it.
  public var usesClasses: Bool { images.classes != nil }
  /// What is compared, in order: several controls are also given together.
  public let rows: [Row]
  /// What is measured: the scores of each adapter that has some.
  public let scores: [(adapter: String, score: ScoreDescriptor)]
  /// The adapters that an image does not tell the control of.
  public let unscored: [String]
  let images: StoredImages
  let pipeline: Pipeline
  let overrides: SamplingOverrides
  let seed: UInt64
  private let scorers: [ControlScorer]

  /// An evaluation.
  ///
  /// - Parameters:
  ///   - pipeline: the model that is measured, and the adapters that there are.
  ///   - data: the images; those that were held out of training say most.
  ///   - controls: the names of adapters whose controls the data holds, at least one and none twice.
  ///   - classes: the adapter that takes the name of a class, or its number where the model names none; nil generates without
  ///     the classes of the images, as does a model that has none.
  ///   - overrides: how codes are drawn, over what the model suggests with controls and without.
  ///   - seed: of the random numbers, which belong to the place of an image in the data.
  /// - Throws: where an adapter is not known or does not fit the model, the data is not of the model's tokenizer or lacks a
  ///   control, settings are out of range, or ``DataEvaluationError``.
  public init(
    _ pipeline: Pipeline, data: TrainingData, controls: [String], classes: String? = "class",
    overrides: SamplingOverrides = SamplingOverrides(), seed: UInt64 = 0
  ) throws {
    precondition(
      !controls.isEmpty && Set(controls).count == controls.count,
      "the controls are \(controls), expected different ones")
    try overrides.applied(to: pipeline.model.sampling).validate()
    images = try StoredImages(data, of: pipeline, controls: controls, classes: classes)
    self.pipeline = pipeline
    self.overrides = overrides
    self.seed = seed
    let first = try images.read(0).reconstruction, context = images.context
    scorers = try images.adapters.map { try ControlScorer($0, trying: first, in: context) }
    scores = zip(controls, scorers).flatMap { name, scorer in scorer.scores.map { (name, $0) } }
    unscored = zip(controls, scorers).filter(\.1.scores.isEmpty).map(\.0)
    guard !scores.isEmpty else { throw DataEvaluationError.noScores(adapters: unscored) }
    rows =
      [.reconstruction, .uncontrolled] + controls.map(Row.control) + (controls.count > 1 ? [.all] : [])
  }

  /// The number of images that are looked at where a number is asked for.
  public func imageCount(of count: Int) -> Int { min(count, images.count) }

  /// What an evaluation found.
  public struct Result: Sendable {
    /// The number of images of each row.
    public let count: Int
    /// The means of each row, one for each of ``DataEvaluation/scores``; nil where it could be told of no image.
    public let rows: [(row: Row, means: [Double?])]
    /// The first images: the controls of each adapter that has images of them, and those of each row.
    public let images: [(name: String, images: [Image])]

    /// The first images with their names, a row each; nil where none were kept.
    public var sheet: Image? {
      guard let columns = images.first?.images.count, columns > 0 else { return nil }
      return ContactSheet().table(
        of: images.flatMap(\.images), columns: Array(repeating: "", count: columns), rows: images.map(\.name))
    }
  }

  /// Measures all rows.
  ///
  /// - Parameters:
  ///   - count: the number of images, at least 1, spread over the data; all of them where it has fewer.
  ///   - columns: the most images of each row that are kept.
  ///   - batch: the images that are worked on together; the result does not depend on it.
  ///   - observe: is told how many of how many tokens were decoded; what it throws ends the work.
  /// - Throws: where the data is broken; `CancellationError` where the task is cancelled.
  public func evaluate(
    _ count: Int, columns: Int = 16, batch: Int = 16, observe: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> Result {
    precondition(count > 0 && batch > 0, "an evaluation of \(count) images, \(batch) at a time, measures nothing")
    let indices = images.indices(count), tokens = pipeline.model.layout.tokens
    let total = indices.count * rows.filter(\.isGenerated).count * tokens
    var done = 0
    var sums = Array(repeating: Array(repeating: Mean(), count: scores.count), count: rows.count)
    var made = Array(repeating: [Image](), count: rows.count), given = Array(repeating: [Image](), count: scorers.count)
    for start in stride(from: 0, to: indices.count, by: batch) {
      try Task.checkCancellation()
      let stored = try indices[start..<min(start + batch, indices.count)].map(images.read)
      let shown = max(0, columns - start)
      for (number, row) in rows.enumerated() {
        let images = try makeImages(row, of: stored) { try observe(done + $0, total) }
        if row.isGenerated { done += stored.count * tokens }
        for values in try self.values(of: images, following: stored) {
          for (score, value) in values.enumerated() { if let value { sums[number][score].add(value) } }
        }
        made[number] += images.prefix(shown)
      }
      for control in given.indices { given[control] += stored.prefix(shown).compactMap { $0.controls[control].image } }
    }
    let kept = zip(images.names, given).filter { $1.count == made[0].count }.map { ("the control \($0)", $1) }
    return Result(
      count: indices.count, rows: zip(rows, sums).map { ($0, $1.map(\.value)) },
      images: made[0].isEmpty ? [] : kept + zip(rows, made).map { ($0.name, $1) })
  }

  /// The scores of some images, each against its own stored controls.
  private func values(of images: [Image], following stored: [StoredImages.Element]) throws -> [[Double?]] {
    try Parallel.map(images.count) { index in
      Swift.Result {
        try zip(scorers, stored[index].controls).flatMap { try $0.values(of: images[index], following: $1) }
      }
    }.map { try $0.get() }
  }
}

/// An evaluation that measures nothing.
public enum DataEvaluationError: Error, CustomStringConvertible, Equatable {
  /// The data holds no controls of an adapter.
  case noControl(data: String, adapter: String, known: [String])
  /// No image tells how well it follows the controls.
  case noScores(adapters: [String])

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .noControl(let data, let adapter, let known):
      "\(data): it holds no controls of '\(adapter)'"
        + (known.isEmpty ? "" : ", but of \(known.joined(separator: ", "))")
        + "; `arpg data prepare` with --adapters \(adapter) stores them"
    case .noScores(let adapters):
      "how well an image follows \(adapters.joined(separator: ", ")) cannot be told from the image; add a control that can, "
        + "such as edges, or take an adapter that conforms to ScoredAdapter"
    }
  }
}
