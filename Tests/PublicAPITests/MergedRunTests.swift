import ARPG
import ARPGDecoder
import ARPGStarter
import CannyControl
import ClassControl
import TestSupport
import Testing

@Suite("Images of several requests made together")
struct MergedRunTests {
  private let pipeline: Pipeline
  private let classes, edges: PreparedControls

  init() throws {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try ClassControl.register(in: &registries.adapters)
    try CannyControl.register(in: &registries.adapters)
    pipeline = Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
    var pixels = Array(repeating: UInt8(255), count: 64 * 64)
    for index in 16..<48 { for side in [16, 47] { (pixels[side * 64 + index], pixels[index * 64 + side]) = (0, 0) } }
    let drawing = Image(width: 64, height: 64, grey: pixels)
    classes = try pipeline.prepare([ControlSpecification("class", .text("mug,house"))])
    edges = try pipeline.prepare([
      ControlSpecification("class", .text("lamp")),
      ControlSpecification("canny", .image(drawing), strength: 0.7, window: 0..<0.6),
    ])
  }

  private func settings(_ guidance: Float, _ change: (inout SamplingSettings) -> Void = { _ in }) -> SamplingSettings {
    var settings = pipeline.model.sampling
    (settings.steps, settings.guidance) = (4, guidance)
    change(&settings)
    return settings
  }

  private var items: [MergedRun.Item] {
    [
      .init(classes, element: 0, settings: settings(3), seed: 1, number: 4),
      .init(edges, settings: settings(2.5) { $0.temperature = 0.8 }, seed: 1),
      .init(classes, element: 1, settings: settings(5) { $0.topK = 40 }, seed: 9, number: 2),
      .init(settings: settings(2) { $0.order = .center }, seed: 3),
      .init(edges, settings: settings(4) { $0.order = .edges }, seed: 8, number: 7),
    ]
  }

  /// The image of an item that is made alone.
  private func alone(_ item: MergedRun.Item) throws -> GeneratedImage {
    let numbers = Array(repeating: item.number, count: max(item.controls.batch, 1))
    return try pipeline.generate(item.controls, numbers: numbers, settings: item.settings, seed: item.seed)[
      item.element]
  }

  private func images(_ run: MergedRun) throws -> [Int: GeneratedImage] {
    var images: [Int: GeneratedImage] = [:]
    while let event = try run.next() { if case .image(let item, let image) = event { images[item] = image } }
    return images
  }

  @Test("Each is the image of its own request, bit for bit; steps tell how far all are, and can be shown")
  func equal() throws {
    let items = items, run = try MergedRun(pipeline, items)
    var steps = 0, images: [Int: GeneratedImage] = [:]
    while let event = try run.next() {
      switch event {
      case .step(let progress):
        steps += 1
        #expect(progress.run.shape.stepSizes.count == 4 && progress.tokensTotal == 5 * 256)
        #expect(progress.tokensDone == 5 * progress.step.done && images.isEmpty)
        if steps == 2 { #expect(try pipeline.model.previews(of: progress.run).count == 5) }
      case .image(let item, let image): images[item] = image
      }
    }
    #expect(steps == 4 && images.count == 5)
    for (index, item) in items.enumerated() {
      let expected = try alone(item), found = try #require(images[index])
      #expect(found.codes == expected.codes && found.image == expected.image, "item \(index)")
      #expect(found.element == item.element && found.number == item.number)
      #expect(try MergedRun.shape(of: item, in: pipeline) == MergedRun.shape(of: items[0], in: pipeline))
    }
    #expect(try run.next() == nil)
  }

  @Test("The strength of one item's control changes from step to step, as in a run of its own")
  func strength() throws {
    let merged = try MergedRun(pipeline, items)
    let item = items[1], single = try pipeline.start(item.controls, settings: item.settings, seed: item.seed)
    _ = try (merged.next(), single.next())
    merged.setStrength(-3, ofControl: 1, item: 1)
    merged.setStrength(2, ofControl: 7, item: 1)
    single.setStrength(-3, ofControl: 1)
    let found = try images(merged)
    var expected: [Int] = []
    while let event = try single.next() { if case .image(let image) = event { expected = image.codes } }
    #expect(try found[1]?.codes == expected && expected != alone(item).codes)
    #expect(try found[4]?.codes == alone(items[4]).codes)
  }

  @Test("An item that is cancelled has no image, the others have theirs; nothing goes on when all are")
  func cancellation() throws {
    let items = Array(items[..<2]), run = try MergedRun(pipeline, items)
    _ = try run.next()
    run.cancel(item: 0)
    let found = try images(run)
    #expect(try found.count == 1 && found[1]?.codes == alone(items[1]).codes)
    let other = try MergedRun(pipeline, items)
    _ = try other.next()
    for item in 0..<2 { other.cancel(item: item) }
    #expect(try other.next() == nil)
  }

  @Test("A task that is cancelled ends the run")
  func task() async throws {
    await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      #expect(throws: CancellationError.self) { try MergedRun(pipeline, [items[0]]).next() }
    }.value
  }

  @Test("Known codes are kept, and make another shape; items that do not go together are refused")
  func refusals() throws {
    var known = items[0]
    known.known = KnownCodes(positions: [7, 200], codes: [[11, 12]])
    let codes = try #require(images(MergedRun(pipeline, [known]))[0]).codes
    #expect(codes[7] == 11 && codes[200] == 12)
    #expect(
      try codes
        == pipeline.generate(
          known.controls, numbers: [4, 4], settings: known.settings, seed: 1, known: known.known)[0].codes)

    var outside = items[0], stray = items[0]
    outside.element = 2
    stray.settings?.steps = 0
    let most = try MergedRun.shape(of: items[0], in: pipeline).batchSize
    for (wrong, message) in [
      ([items[0], known], "steps of requests"), ([outside], "element of the controls"), ([stray], "steps is 0"),
      ([], "number of requests"),
      (Array(repeating: items[0], count: most + 1), "number of items in a run: found \(most + 1)"),
    ] {
      let error = #expect(throws: SamplingError.self) { try MergedRun(pipeline, wrong) }
      #expect(error?.description.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }
}
