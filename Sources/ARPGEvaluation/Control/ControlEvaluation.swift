import ARPG
import ARPGScenes
import ARPGTensor

/// Measures how well a model follows edges and depth, on rendered scenes that it was not trained on.
///
/// Source: the measures of ControlAR, arXiv 2410.02705, section 4.1: F1 of Canny edges and the error of depth; here beside
/// the bound that the tokenizer sets, a baseline without control, and how even the colours of parts are.
public struct ControlEvaluation: Sendable {
  /// The names of adapters in the registry.
  public struct Adapters: Sendable {
    /// That takes the name of a class, or its number where the model names none.
    public var classes: String
    /// That finds edges in an image and takes them, bright on black.
    public var edges: String
    /// That takes depth, near bright.
    public var depth: String

    /// Names; see the properties.
    public init(classes: String, edges: String, depth: String) {
      self.classes = classes
      self.edges = edges
      self.depth = depth
    }
  }

  private let pipeline: Pipeline
  private var model: Model { pipeline.model }
  private let controls: SceneControls
  private let evaluator: Evaluator?
  private let overrides: SamplingOverrides
  private let withClass: Bool
  private let seed: UInt64
  private let scenes: SceneDataset

  /// An evaluation.
  ///
  /// - Parameters:
  ///   - pipeline: the model that is measured, and the adapters that there are.
  ///   - adapters: which of them give class, edges and depth.
  ///   - evaluator: tells class and depth of images; nil leaves both out.
  ///   - overrides: how codes are drawn, over what the model suggests with controls and without.
  ///   - withClass: whether edges and depth come with the class, for scenes that have one.
  ///   - kinds: what the scenes show.
  ///   - seed: of scenes and random numbers.
  /// - Throws: where an adapter is not known or does not fit the model, settings are out of range, or
  ///   ``ControlEvaluationError``.
  public init(
    _ pipeline: Pipeline, using adapters: Adapters, evaluator: Evaluator? = nil,
    overrides: SamplingOverrides = SamplingOverrides(), withClass: Bool = true,
    kinds: SceneMixture = SceneMixture(.classes), seed: UInt64 = 0
  ) throws {
    let model = pipeline.model, side = model.imageSize.width
    guard SceneDataset.sizes.contains(side) else { throw ControlEvaluationError.imageSize(found: side) }
    try overrides.applied(to: model.sampling).validate()
    self.pipeline = pipeline
    controls = try SceneControls(adapters, of: pipeline)
    self.evaluator = evaluator
    self.overrides = overrides
    self.withClass = withClass
    self.seed = seed
    scenes = SceneDataset(seed: SceneSeed.heldOut.of(seed), size: side, kinds: kinds)
  }

  /// What an evaluation found.
  public struct Result: Sendable {
    /// The scores of each row, in the order of ``ControlRow``.
    public let rows: [(row: ControlRow, scores: ControlScores)]
    /// The first images of each row, and their edges and depth: row by row, ``columns`` in each.
    public let images: [Image]
    /// The number of images in a row of `images`.
    public let columns: Int
  }

  /// Measures all rows.
  ///
  /// - Parameters:
  ///   - count: the number of scenes, at least 1.
  ///   - rows: what is measured; `real` and the images that controls are made of are always there.
  ///   - columns: the most scenes of which images are kept.
  ///   - observe: is told how many of how many tokens were decoded; what it throws ends the work.
  public func evaluate(
    _ count: Int, rows: Set<ControlRow> = Set(ControlRow.allCases), columns: Int = 16,
    observe: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> Result {
    precondition(count > 0, "an evaluation of \(count) scenes measures nothing")
    let rows = ControlRow.allCases.filter { rows.contains($0) || $0 == .real }
    let generated = rows.filter(\.isGenerated).count
    let total = count * generated * model.layout.tokens
    var done = 0
    var sums: [ControlRow: ControlScoreSum] = [:]
    var kept: [ControlRow: [Image]] = [:], edges: [Image] = [], depths: [Image] = []
    for start in stride(from: 0, to: count, by: Self.batch) {
      let batch = try HeldOutScene.render(
        start..<min(start + Self.batch, count), of: scenes, controls: controls)
      let shown = max(0, columns - start)
      for row in rows {
        let images = try makeImages(row, of: batch) { try observe(done + $0, total) }
        if row.isGenerated { done += batch.count * model.layout.tokens }
        try score(images, of: batch, in: row, into: &sums[row, default: ControlScoreSum()])
        kept[row, default: []] += images.prefix(shown)
      }
      edges += batch.prefix(shown).map(\.edgeImage)
      depths += batch.prefix(shown).map(\.rendered.depth.image)
    }
    let (given, made) = (rows.filter { !$0.isGenerated }, rows.filter(\.isGenerated))
    return Result(
      rows: rows.compactMap { row in sums[row].map { (row, $0.mean) } },
      images: given.flatMap { kept[$0] ?? [] } + edges + depths + made.flatMap { kept[$0] ?? [] },
      columns: edges.count)
  }

  /// The scenes that are worked on together.
  private static let batch = 16

  private func makeImages(
    _ row: ControlRow, of batch: [HeldOutScene], observe: (Int) throws -> Void
  ) throws -> [Image] {
    switch row {
    case .real: return batch.map(\.rendered.image)
    case .reconstruction:
      return try batch.map { scene in
        let image = scene.rendered.image.tensor
        return try model.image(of: model.tokenizer.encode(image.reshaped([1] + image.shape)).codes[0])
      }
    case .edited: return try edit(batch, observe: observe)
    case .uncontrolled, .edges, .depth, .both:
      // Scenes with a class are conditioned on one more thing than those without.
      var images = [Image?](repeating: nil, count: batch.count)
      var finished = 0
      for hasClass in [true, false] {
        let places = batch.indices.filter { (batch[$0].rendered.sceneClass != nil) == hasClass }
        guard !places.isEmpty else { continue }
        let made = try generate(row, places.map { batch[$0] }) { try observe(finished + $0) }
        finished += places.count * model.layout.tokens
        for (place, image) in zip(places, made) { images[place] = image }
      }
      return images.compactMap { $0 }
    }
  }

  private func generate(
    _ row: ControlRow, _ scenes: [HeldOutScene], observe: (Int) throws -> Void
  ) throws -> [Image] {
    let prepared = try controls.prepared(row, for: scenes, withClass: withClass)
    return try pipeline.generate(
      prepared, numbers: scenes.map(\.number),
      settings: overrides.applied(to: model.sampling(for: prepared.active)), seed: seed
    ) { try observe($0.tokensDone) }.map(\.image)
  }

  /// Scenes whose middle is decoded anew from their edges.
  private func edit(_ scenes: [HeldOutScene], observe: (Int) throws -> Void) throws -> [Image] {
    var finished = 0
    return try scenes.map { scene in
      let edges = try controls.prepared(.edges, for: [scene], withClass: withClass)
      let edit = try pipeline.prepare(Edit(scene.rendered.image, boxes: [Self.middle]), controls: edges)
      let settings = overrides.applied(to: model.sampling(for: edges.active))
      let run = try pipeline.start(edit, numbers: [scene.number], settings: settings, seed: seed)
      var image = scene.rendered.image
      while let event = try run.next() {
        switch event {
        case .step(let progress):
          try observe(finished + progress.tokensDone * model.layout.tokens / progress.tokensTotal)
        case .image(let made): image = made.image
        }
      }
      finished += model.layout.tokens
      return image
    }
  }

  /// What an edit decodes anew: half of each side.
  private static let middle = EditBox(x: .percent(25), y: .percent(25), width: .percent(50), height: .percent(50))

  /// The part of an edge map, row by row, that lies in the middle.
  private static func middle(of edges: [UInt8], width: Int) -> [UInt8] {
    let rows = edges.count / width / 4, columns = width / 4
    var middle: [UInt8] = []
    for row in rows..<3 * rows { middle += edges[row * width + columns..<row * width + 3 * columns] }
    return middle
  }

  /// How far apart edges may be that agree, in pixels.
  private var tolerance: Int { EdgeAgreement.tolerance(width: scenes.size, height: scenes.size) }

  private func score(
    _ images: [Image], of scenes: [HeldOutScene], in row: ControlRow, into sum: inout ControlScoreSum
  ) throws {
    for (image, scene) in zip(images, scenes) {
      let found = try controls.edges(in: image)
      func f1(tolerance: Int) -> Double {
        EdgeAgreement(found: found, wanted: scene.edges, width: image.width, tolerance: tolerance).f1
      }
      let middle = EdgeAgreement(
        found: Self.middle(of: found, width: image.width), wanted: Self.middle(of: scene.edges, width: image.width),
        width: image.width / 4 * 2, tolerance: tolerance)
      sum.add(exact: f1(tolerance: 0), near: f1(tolerance: tolerance), middle: middle.f1)
      let evenness = ColourEvenness(of: image, parts: scene.rendered.parts, border: tolerance)
      if row != .uncontrolled, let share = evenness.share { sum.add(evenness: share) }
      if row == .reconstruction { sum.add(peakSignalToNoise: image.peakSignalToNoise(against: scene.rendered.image)) }
    }
    guard let evaluator else { return }
    for (prediction, scene) in zip(evaluator.predictions(on: images), scenes) {
      let size = ImageSize(width: prediction.depth.width, height: prediction.depth.height)
      let wanted = scene.rendered.depth.resized(to: size, filter: .area)
      sum.add(depthError: prediction.depth.meanAbsoluteDifference(from: wanted))
      if let classIndex = scene.rendered.classIndex { sum.add(isRecognised: prediction.classIndex == classIndex) }
    }
  }
}

/// A model that scenes cannot measure.
public enum ControlEvaluationError: Error, CustomStringConvertible, Equatable {
  /// Scenes are not rendered at the size of its images.
  case imageSize(found: Int)
  /// The adapter for edges finds none in an image.
  case noEdges(adapter: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .imageSize(let found):
      "the model's images have a side of \(found) pixels; scenes are rendered with "
        + "\(SceneDataset.sizes.lowerBound) to \(SceneDataset.sizes.upperBound): take another model"
    case .noEdges(let adapter):
      "the adapter \(adapter) finds no edges in an image; give one that does with --edges, such as canny"
    }
  }
}
