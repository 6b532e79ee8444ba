import ARPG
import ARPGControl
import ARPGEvaluation
import ARPGStarter
import ARPGTraining
import CannyControl
import ClassControl
import DepthControl
import TestSupport
import Testing

@Suite("Evaluation of controls on prepared data")
struct DataEvaluationTests {
  /// Edges without scores of their own.
  private struct LineControl: ControlImageAdapter {
    let descriptor = AdapterDescriptor(
      name: "lines", summary: "lines to follow", input: .image, inputSummary: "a photograph")

    func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
      PreparedControl(controlImage: Plane(image: CannyEdgeDetector().edges(of: image.image), width: image.size.width))
    }

    func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
      try controlImage(from: FittedImage(image.image), options: OptionValues(for: descriptor))
    }
  }

  /// Five images.
  private let scenes: PreparedScenes

  init() throws { scenes = try PreparedScenes(count: 5) }

  private var overrides: SamplingOverrides {
    var overrides = SamplingOverrides()
    overrides.steps = 16
    return overrides
  }

  private func pipeline() throws -> Pipeline {
    var registries = Registries.twoPass
    try ClassControl.register(in: &registries.adapters)
    try CannyControl.register(in: &registries.adapters)
    try DepthControl.register(in: &registries.adapters)
    return Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
  }

  @Test("Each adapter's scores of each row: the bound is what it is by itself, and controls are followed")
  func rows() throws {
    let pipeline = try pipeline()
    #expect(scenes.data.adapters == ["canny", "depth"])
    let evaluation = try DataEvaluation(
      pipeline, data: scenes.data, controls: ["canny", "depth"], overrides: overrides)
    #expect(evaluation.rows == [.reconstruction, .uncontrolled, .control("canny"), .control("depth"), .all])
    #expect(evaluation.scores.map(\.adapter) == ["canny", "canny"] && evaluation.unscored == ["depth"])
    #expect(evaluation.scores.map(\.score) == CannyControl().scores)
    var seen: [Int] = []
    let result = try evaluation.evaluate(64, columns: 3) { done, total in
      seen.append(done)
      #expect(total == 5 * 4 * 256)
    }
    #expect(seen.last == 5 * 4 * 256 && seen == seen.sorted())
    #expect(result.count == 5 && evaluation.imageCount(of: 64) == 5 && result.rows.map(\.row) == evaluation.rows)

    let context = pipeline.model.preprocessingContext
    var exact = 0.0, near = 0.0
    for index in 0..<5 {
      let sample = try scenes.data.sample(index) { _ in 0 }
      let found = CannyEdgeDetector().edges(of: try pipeline.model.image(of: sample.codes))
      let wanted = try #require(try scenes.data.control(CannyControl(), of: index, sample, in: context).image)
      exact += EdgeAgreement(found: found, wanted: wanted.greyValues, width: 256).f1 / 5
      near += EdgeAgreement(found: found, wanted: wanted.greyValues, width: 256, tolerance: 2).f1 / 5
    }
    let means = try result.rows.map { try $0.means.map { try #require($0) } }
    #expect(abs(means[0][0] - exact) < 1e-12 && abs(means[0][1] - near) < 1e-12)
    #expect(means.allSatisfy { 0...1 ~= $0[0] && $0[0] <= $0[1] && $0[1] <= 1 })
    #expect(means[0][1] > means[2][1] && means[2][1] > 0.6)
    for row in 2...4 { #expect(means[row][1] > means[1][1] + 0.2, "\(evaluation.rows[row])") }

    #expect(
      result.images.map(\.name)
        == ["the control canny", "the control depth", "reconstruction", "no control", "canny", "depth", "all"])
    #expect(result.images.allSatisfy { $0.images.count == 3 })
    let sheet = try #require(result.sheet)
    #expect(sheet.width > 3 * 256 && sheet.height > 7 * 256)
  }

  @Test("The result depends neither on how many images are worked on together nor on how many are kept")
  func batches() throws {
    let evaluation = try DataEvaluation(pipeline(), data: scenes.data, controls: ["canny"], overrides: overrides)
    #expect(evaluation.rows == [.reconstruction, .uncontrolled, .control("canny")])
    let whole = try evaluation.evaluate(4), parts = try evaluation.evaluate(4, columns: 0, batch: 3)
    #expect(whole.images.allSatisfy { $0.images.count == 4 } && parts.images.isEmpty && parts.sheet == nil)
    for (one, other) in zip(whole.rows, parts.rows) {
      for (mean, otherMean) in zip(one.means, other.means) {
        #expect(abs(try #require(mean) - #require(otherMean)) < 1e-12, "\(one.row)")
      }
    }
  }

  @Test("An adapter without scores has the difference of control images")
  func difference() throws {
    let data = try scenes.copyControls(of: "canny", to: "lines")
    let loaded = try pipeline(), model = loaded.model
    let weights = try #require(try model.adapterModel("canny").weights)
    var registry = loaded.registry
    try registry.register(LineControl())
    let pipeline = Pipeline(
      Model(model.description, decoder: model.decoder, tokenizer: model.tokenizer, adapters: ["lines": weights]),
      adapters: registry)
    let evaluation = try DataEvaluation(pipeline, data: data, controls: ["lines"], classes: nil, overrides: overrides)
    #expect(evaluation.scores.map(\.score.name) == ["difference"] && !evaluation.usesClasses)
    let result = try evaluation.evaluate(5), means = try result.rows.map { try #require($0.means[0]) }
    var expected = 0.0
    for index in 0..<5 {
      let sample = try data.sample(index) { _ in 0 }
      let found = CannyEdgeDetector().edges(of: try model.image(of: sample.codes))
      let context = model.preprocessingContext
      let wanted = try #require(try data.control(LineControl(), of: index, sample, in: context).image).greyValues
      expected += Double(zip(found, wanted).count { $0 != $1 }) / Double(found.count) / 5
    }
    #expect(abs(means[0] - expected) < 1e-12)
    #expect(means[0] < means[2] && means[2] < means[1])
  }

  @Test("What cannot be measured is refused before anything is generated")
  func refusals() throws {
    let pipeline = try pipeline()
    func evaluation(_ controls: String...) throws -> DataEvaluation {
      try DataEvaluation(pipeline, data: scenes.data, controls: controls)
    }
    #expect(throws: DataEvaluationError.noScores(adapters: ["depth"])) { try evaluation("depth") }
    #expect(
      throws: DataEvaluationError.noControl(data: scenes.data.root, adapter: "class", known: ["canny", "depth"])
    ) {
      try evaluation("class")
    }
    #expect(throws: RegistryError.self) { try evaluation("cany") }
    let none = try scenes.copyControls(of: "canny", to: "lines")
    var registry = pipeline.registry
    try registry.register(LineControl())
    // The model has no weights for it.
    #expect(throws: ControlARError.self) {
      try DataEvaluation(Pipeline(pipeline.model, adapters: registry), data: none, controls: ["lines"])
    }
  }

  @Test("It ends where its observer throws, and where its task is cancelled")
  func cancellation() async throws {
    struct Stop: Error {}
    let evaluation = try DataEvaluation(pipeline(), data: scenes.data, controls: ["canny"], overrides: overrides)
    #expect(throws: Stop.self) { try evaluation.evaluate(1) { _, _ in throw Stop() } }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try evaluation.evaluate(1).count
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

extension Plane {
  /// Grey levels as a plane.
  fileprivate init(image grey: [UInt8], width: Int) {
    self.init(width: width, height: grey.count / width, values: grey.map { Float($0) / 255 })
  }
}
