import ARPG
import ARPGDecoder
import ARPGStarter
import CannyControl
import ARPGTensor
import ClassControl
import Foundation
import Testing

/// A text adapter as somebody else would write one: every word becomes a token in front of the first pass.
private struct WordControl: ControlAdapter, ControlPreprocessor {
  let descriptor = AdapterDescriptor(
    name: "words", summary: "words as tokens", input: .text, inputSummary: "words", shorthand: "words",
    options: [.number("scale", "length of a token", range: 0...10, default: 1)])

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .text(let text) = input else { return [] }
    let lengths = text.split(separator: " ").map { Float($0.count) * Float(options.number("scale")) }
    return [PreparedControl(values: Tensor(shape: [lengths.count], values: lengths))]
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter { Fitted() }

  struct Fitted: FittedAdapter {
    func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) -> any ControlEncoder {
      Words(dim: parts.decoder.layout.dim)
    }
  }

  struct Words: ControlEncoder {
    let dim: Int

    func encode(_ batch: [PreparedControl]) throws -> Condition {
      let length = batch[0].values.count
      let values = batch.flatMap { $0.values.values.flatMap { Array(repeating: $0 / 10, count: dim) } }
      return Condition(
        prefix: .init(
          embeddings: Tensor(shape: [batch.count, length, dim], values: values),
          null: Tensor(shape: [1, length, dim], repeating: 0)))
    }
  }
}

@Suite("Somebody else's adapter")
struct ForeignAdapterTests {
  private func pipeline() throws -> Pipeline {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try ClassControl.register(in: &registries.adapters)
    try registries.adapters.register(WordControl())
    return Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
  }

  @Test("Supplies several prefix tokens, beside those of others")
  func prefix() throws {
    let pipeline = try pipeline()
    var settings = pipeline.model.sampling
    settings.steps = 4
    let words = ControlSpecification("words", .text("a longer text"), options: ["scale": "2"])
    let label = ControlSpecification("class", .text("mug,house"))
    func codes(_ specifications: [ControlSpecification]) throws -> [[Int]] {
      try pipeline.generate(pipeline.prepare(specifications), settings: settings).map(\.codes)
    }
    let both = try codes([words, label])
    #expect(both.count == 2 && both[0] != both[1])
    #expect(try codes([label]) != both)
    var off = words
    off.strength = 0
    #expect(try codes([off, label]) == codes([label]))
  }

  @Test("Progress counts the tokens of all images, and an error of the observer ends the work")
  func progress() throws {
    struct Stop: Error {}
    let pipeline = try pipeline()
    var settings = pipeline.model.sampling
    settings.steps = 3
    var counts: [Int] = []
    _ = try pipeline.generate(count: 2, settings: settings) { progress in
      counts.append(progress.tokensDone)
      #expect(progress.tokensTotal == 512)
    }
    #expect(counts.count == 3 && counts == counts.sorted() && counts.last == 512)
    #expect(throws: Stop.self) { _ = try pipeline.generate(settings: settings) { _ in throw Stop() } }
  }

  @Test("Lists of different lengths are refused")
  func lists() throws {
    let pipeline = try pipeline()
    let two = ControlSpecification("class", .text("0,1")), three = ControlSpecification("class", .text("0,1,2"))
    #expect(throws: ControlError.batches("class", 2, "class", 3)) { try pipeline.prepare([two, three]) }
  }
}

@Suite("The registry")
struct RegistryTests {
  private struct Named: ControlAdapter, ControlPreprocessor {
    let descriptor: AdapterDescriptor

    init(
      _ name: String, shorthand: String? = nil,
      options: [OptionDescriptor] = [
        .choice("mode", "", ["one", "two"]), .number("level", "", range: 0...5, default: 2),
      ]
    ) {
      descriptor = AdapterDescriptor(
        name: name, summary: "", input: .text, inputSummary: "", shorthand: shorthand, options: options)
    }

    func preprocess(
      _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
    ) throws -> [PreparedControl] { [] }

    func fit(to model: AdapterModel) throws -> any FittedAdapter { Nothing() }

    struct Nothing: FittedAdapter, ControlEncoder {
      func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) -> any ControlEncoder {
        self
      }
      func encode(_ batch: [PreparedControl]) throws -> Condition { Condition() }
    }
  }

  @Test("A taken name or shorthand throws, and changes nothing")
  func taken() throws {
    var registry = AdapterRegistry()
    try registry.register(Named("pose", shorthand: "pose"))
    #expect(throws: RegistryError.taken(kind: "adapter", name: "pose", by: "pose")) {
      try registry.register(Named("pose"))
    }
    #expect(throws: RegistryError.taken(kind: "adapter", name: "--pose", by: "pose")) {
      try registry.register(Named("body", shorthand: "pose"))
    }
    #expect(registry.adapters.count == 1)
  }

  @Test("An unknown name lists the known ones and the nearest")
  func unknown() throws {
    var registry = AdapterRegistry()
    try registry.register(Named("pose"))
    try registry.register(Named("normals"))
    let error = #expect(throws: RegistryError.self) { try registry.adapter(named: "normal") }
    #expect(error == .unknown(kind: "adapter", name: "normal", known: ["pose", "normals"], nearest: "normals"))
    #expect(error.map { "\($0)" }?.contains("did you mean 'normals'") == true)
    #expect(throws: RegistryError.unknown(kind: "adapter", name: "xyzzy", known: ["pose", "normals"], nearest: nil)) {
      try registry.adapter(named: "xyzzy")
    }
  }

  @Test("Options have their defaults, and are checked")
  func options() throws {
    let descriptor = Named("pose").descriptor
    #expect(try OptionValues(for: descriptor).number("level") == 2)
    #expect(try OptionValues(["mode": "two"], for: descriptor).choice("mode") == "two")
    #expect(throws: OptionError.self) { try OptionValues(["mode": "three"], for: descriptor) }
    #expect(throws: OptionError.self) { try OptionValues(["level": "5.1"], for: descriptor) }
    #expect(throws: OptionError.self) { try OptionValues(["level": "nan"], for: descriptor) }
    #expect(throws: OptionError.self) { try OptionValues(["lvl": "1"], for: descriptor) }
  }

  @Test(
    "Names, options and words that would be ambiguous are refused",
    arguments: [
      ("Pose", [], "lower-case"), ("2d", [], "a letter in front"), ("", [], "a letter in front"),
      ("pose", [OptionDescriptor.number("from", "", range: 0...1, default: 0)], "every control has"),
      ("pose", [.number("a b", "", range: 0...1, default: 0)], "option 'a b'"),
      ("pose", [.number("a", "", range: 0...1, default: 0), .choice("a", "", ["x"])], "option 'a' is there twice"),
      ("pose", [.choice("a", "", ["x,y"])], "commas"),
    ])
  func illFormed(name: String, options: [OptionDescriptor], words: String) {
    var registry = AdapterRegistry()
    let error = #expect(throws: RegistryError.self) { try registry.register(Named(name, options: options)) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(registry.adapters.isEmpty)
  }
}

@Suite("Requests as JSON")
struct RequestCodingTests {
  @Test("Requests, controls and descriptors survive being written and read")
  func roundTrip() throws {
    var request = GenerationRequest(
      controls: [
        ControlSpecification(
          "canny", .image(Image(width: 2, height: 1, grey: [0, 200])), options: ["low": "50"], strength: 0.5,
          window: 0.25..<0.75, region: Image(width: 1, height: 1, grey: [255])),
        ControlSpecification("class", .text("mug")),
        ControlSpecification("text-features", .tensor(Tensor(shape: [1, 2], values: [0.5, -1]))),
      ], count: 3, seed: 1 << 60, known: KnownCodes(positions: [0], codes: [[4]]))
    request.settings.topK = 5
    let data = try JSONEncoder().encode(request)
    let again = try JSONDecoder().decode(GenerationRequest.self, from: data)
    #expect(try JSONValue(encoding: again) == JSONValue(encoding: request))
    #expect(again.seed == 1 << 60 && again.controls[0].window == 0.25..<0.75 && again.settings.topK == 5)
    guard case .image(let image) = again.controls[0].input, case .tensor(let tensor) = again.controls[2].input else {
      throw ControlError.nothing(adapter: "canny")
    }
    #expect(image.greyValues == [0, 200] && tensor.values == [0.5, -1])

    let descriptor = ClassControl().descriptor
    #expect(try JSONDecoder().decode(AdapterDescriptor.self, from: JSONEncoder().encode(descriptor)) == descriptor)
    let brief = try JSONDecoder().decode(
      ControlSpecification.self, from: Data(#"{"adapter": "class", "input": {"text": "7"}}"#.utf8))
    #expect(brief.strength == 1 && brief.window == 0..<1 && brief.region == nil)
  }

  @Test(
    "What no request can be is refused",
    arguments: [
      #"{"adapter": "class"}"#, #"{"adapter": "class", "input": {}}"#,
      #"{"adapter": "a", "input": {"text": "7"}, "from": 0.5, "to": 0.25}"#,
      #"{"adapter": "a", "input": {"tensor": {"shape": [2, 2], "values": [1]}}}"#,
      #"{"adapter": "a", "input": {"tensor": {"shape": [-1], "values": []}}}"#,
      #"{"adapter": "a", "input": {"image": {"width": 3, "height": 1, "pixels": "AAAA"}}}"#,
    ])
  func hostile(text: String) {
    #expect(throws: (any Error).self) { try JSONDecoder().decode(ControlSpecification.self, from: Data(text.utf8)) }
  }

  @Test("Counts and numbers of images that make no sense are errors")
  func counts() throws {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    let pipeline = Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
    for count in [0, -1, .min, .max] {
      #expect(throws: SamplingError.self) { try pipeline.start(count: count) }
      #expect(throws: SamplingError.self) { try pipeline.start(GenerationRequest(count: count)) }
    }
    #expect(throws: SamplingError.self) { try pipeline.start(numbers: []) }
    let run = try pipeline.start(count: 2)
    #expect(run.total == 2)
  }

  @Test("A request with an edit changes its image in the box alone, whatever is made beside it")
  func edit() throws {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    let pipeline = Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
    let image = Image(width: 256, height: 256, grey: (0..<65536).map { UInt8(128 + $0 % 64) })
    let box = EditBox(x: .pixels(0), y: .pixels(0), width: .percent(25), height: .percent(25))
    var request = GenerationRequest(count: 2, seed: 4, edit: Edit(image, boxes: [box], paste: .hard))
    request.settings.steps = 3
    request = try JSONDecoder().decode(GenerationRequest.self, from: JSONEncoder().encode(request))
    var images: [GeneratedImage] = [], shares: [Double] = []
    let run = try pipeline.start(request)
    #expect(run.tokens == 2 * 16)
    while let event = try run.next() {
      switch event {
      case .step(let progress): shares.append(Double(progress.tokensDone) / Double(progress.tokensTotal))
      case .image(let made): images.append(made)
      }
    }
    #expect(images.count == 2 && shares.last == 1 && shares == shares.sorted())
    for made in images {
      let isSame = (0..<65536).map { made.image.pixels[$0 * 3] == image.pixels[$0 * 3] }
      #expect((0..<65536).allSatisfy { isSame[$0] || $0 % 256 < 64 && $0 / 256 < 64 } && isSame.contains(false))
    }
    request.count = 1
    let alone = try pipeline.start(request)
    while let event = try alone.next() {
      if case .image(let made) = event { #expect(made.codes == images[0].codes) }
    }
    request.known = KnownCodes(positions: [0], codes: [[1]])
    #expect(throws: EditError.self) { try pipeline.start(request) }
  }

  @Test("A stream gives the images that a run gives, shows them in between, and ends with who reads it")
  func stream() async throws {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try ClassControl.register(in: &registries.adapters)
    let pipeline = Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
    var request = GenerationRequest(controls: [ControlSpecification("class", .text("mug"))], count: 2, seed: 3)
    request.settings.steps = 4
    var steps: [Int] = [], previews = 0, codes: [[Int]] = []
    for try await event in pipeline.stream(request, previewEvery: 2, threads: 1).events {
      switch event {
      case .step(let done, let total):
        steps.append(done)
        #expect(total == 512)
      case .preview(let images):
        previews += 1
        #expect(images.count == 2)
      case .image(let image): codes.append(image.codes)
      }
    }
    #expect(steps.count == 4 && steps.last == 512 && previews == 2)
    var expected: [[Int]] = []
    let run = try pipeline.start(request)
    while let event = try run.next() { if case .image(let image) = event { expected.append(image.codes) } }
    #expect(codes == expected)

    request.count = 1000
    let long = pipeline.stream(request)
    for try await event in long.events { if case .step = event { break } }
    await #expect(throws: SamplingError.self) {
      for try await _ in pipeline.stream(GenerationRequest(count: 0)).events {}
    }
    let task = Task { for try await _ in pipeline.stream(request).events {} }
    task.cancel()
    _ = await task.result
    let cancelled = pipeline.stream(request)
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { for try await _ in cancelled.events {} }
  }

  @Test("The strength of a control may change between steps, in a run and in a stream")
  func strength() async throws {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try CannyControl.register(in: &registries.adapters)
    let pipeline = Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
    let sketch = Image(width: 256, height: 256, grey: (0..<65536).map { $0 / 256 / 32 % 2 == 0 ? 0 : 255 })
    var request = GenerationRequest(controls: [ControlSpecification("canny", .image(sketch))], seed: 3)
    request.settings.steps = 6
    func codes(_ change: (GenerationRun, Int) -> Void) throws -> [Int] {
      let run = try pipeline.start(request)
      change(run, 0)
      var step = 0, codes: [Int] = []
      while let event = try run.next() {
        switch event {
        case .step:
          step += 1
          change(run, step)
        case .image(let image): codes = image.codes
        }
      }
      return codes
    }
    let whole = try codes { _, _ in }
    let half = try codes { run, step in if step == 3 { run.setStrength(0, ofControl: 0) } }
    let none = try codes { run, _ in run.setStrength(0, ofControl: 0) }
    #expect(whole != half && half != none)
    #expect(try codes { run, _ in run.setStrength(1, ofControl: 7) } == whole)
    let stream = pipeline.stream(request)
    var streamed: [Int] = []
    for try await event in stream.events {
      if case .step = event { stream.setStrength(0, ofControl: 0) }
      if case .image(let image) = event { streamed = image.codes }
    }
    #expect(streamed.count == 256)
  }
}
