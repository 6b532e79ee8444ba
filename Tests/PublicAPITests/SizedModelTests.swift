import ARPG
import ARPGDecoder
import ARPGStarter
import ARPGTensor
import ClassControl
import TestSupport
import Testing

/// An adapter that suits one grid alone: the token of a cell is the mean of its control image, times a direction.
private struct OneGridControl: ControlAdapter, ControlPreprocessor, FittedAdapter, ControlEncoder {
  struct Misfit: Error {}
  var givesPrefix = false
  var descriptor: AdapterDescriptor {
    AdapterDescriptor(name: "one-grid", summary: "", input: .image, inputSummary: "", shorthand: nil)
  }

  func preprocess(_ input: AdapterInput, options: OptionValues, in context: PreprocessingContext) throws
    -> [PreparedControl]
  {
    guard case .image(let image) = input else { return [] }
    return [PreparedControl(controlImage: image.image)]
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter {
    guard model.layout.rows == 16, model.layout.columns == 16 else { throw Misfit() }
    return self
  }

  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    #expect(parts.decoder.layout.rows == 16)
    return self
  }

  func encode(_ batch: [PreparedControl]) throws -> Condition {
    let means = batch.flatMap { control in
      control.controlPlane.resized(to: ImageSize(width: 16, height: 16), filter: .box).values
    }
    let prefix = Tensor(shape: [1, 1, 384], repeating: 1)
    return Condition(
      prefix: givesPrefix ? .init(embeddings: prefix, null: prefix) : nil,
      tokens: [2: Tensor(shape: [batch.count, 256, 384], values: means.flatMap { Array(repeating: $0, count: 384) })])
  }
}

@Suite("A model for images of another size")
struct SizedModelTests {
  private let registries: Registries
  private let model: Model

  init() throws {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try ClassControl.register(in: &registries.adapters)
    try registries.adapters.register(OneGridControl())
    self.registries = registries
    model = try Model.load(Starter.path(), registries)
  }

  private func pipeline(_ width: Int, _ height: Int) throws -> Pipeline {
    Pipeline(try model.sized(ImageSize(width: width, height: height)), adapters: registries.adapters)
  }

  private func codes(_ pipeline: Pipeline, _ settings: SamplingSettings? = nil) throws -> [Int] {
    try pipeline.generate(
      pipeline.prepare([ControlSpecification("class", .text("mug"))]), settings: settings ?? quick, seed: 3)[0].codes
  }

  private var quick: SamplingSettings {
    var settings = model.sampling
    settings.steps = 4
    return settings
  }

  @Test("Its own size gives the same codes, also on the way back from another")
  func ownSize() throws {
    let plain = try codes(Pipeline(model, adapters: registries.adapters))
    #expect(try codes(pipeline(256, 256)) == plain)
    let back = try model.sized(ImageSize(width: 384, height: 128)).sized(model.imageSize)
    #expect(try codes(Pipeline(back, adapters: registries.adapters)) == plain)
  }

  @Test("Images and codes are those of the size, in any order", arguments: [(384, 128), (32, 512), (16, 16)])
  func sizes(width: Int, height: Int) throws {
    let pipeline = try pipeline(width, height)
    for order in [nil, .center, .spiral, .confidence] as [DecodingOrder?] {
      var settings = quick
      settings.order = order
      let made = try pipeline.generate(settings: settings)[0]
      #expect(made.codes.count == width * height / 256)
      #expect(made.image.width == width && made.image.height == height)
    }
  }

  @Test("Sizes that do not fit are refused with those that do")
  func refusals() throws {
    func error(_ width: Int, _ height: Int) -> String {
      do throws(ImageSizeError) {
        _ = try model.sized(ImageSize(width: width, height: height))
        return ""
      } catch { return "\(error)" }
    }
    #expect(error(500, 300).contains("496x288 and 512x304") && error(500, 300).contains("16x16"))
    #expect(error(256, 255).contains("256x240 and 256x256"))
    for (width, height) in [(0, 256), (256, -16), (15, 256), (528, 256), (256, 1 << 30), (Int.max, Int.max)] {
      #expect(error(width, height).contains("16x16 to 512x512"))
    }
  }

  @Test("A family that makes no other grid says so")
  func family() throws {
    let sizes = MeanDecoder.Configuration(side: 4, dim: 8, vocab: 6, classes: 2)
    let decoder = MeanDecoder(sizes, ParameterReader(tensors: MeanDecoder.initialParameters(sizes, seed: 2)))
    let small = Model(ModelDescription(name: "small", imageSize: 64), decoder: decoder, tokenizer: model.tokenizer)
    let error = #expect(throws: ImageSizeError.self) { try small.sized(ImageSize(width: 96, height: 64)) }
    #expect(error?.description.contains("mean") == true && error?.description.contains("only of 4 x 4") == true)
    #expect(try small.sized(ImageSize(width: 64, height: 64)).layout == small.layout)
  }

  @Test("An adapter of one grid encodes tiles, which meet without a seam", arguments: [(512, 384), (384, 128)])
  func tiles(width: Int, height: Int) throws {
    let pipeline = try pipeline(width, height)
    let pixels = (0..<height).flatMap { y in (0..<width).map { x in UInt8(x * 255 / width / 2 + y * 255 / height / 2) }
    }
    let ramp = Image(width: width, height: height, grey: pixels)
    let prepared = try pipeline.prepare([ControlSpecification("one-grid", .image(ramp))])
    let tokens = try #require(prepared.active[0].condition.tokens[2])
    let rows = height / 16, columns = width / 16
    #expect(tokens.shape == [1, rows * columns, 384])
    let cells = ramp.greyPlane.resized(to: ImageSize(width: columns, height: rows), filter: .box).values
    let scale: Float = cells.contains { $0 > 1 } ? 255 : 1
    for (cell, value) in cells.enumerated() { #expect(abs(tokens.values[cell * 384] - value / scale) < 1e-3) }
    #expect(try pipeline.generate(prepared, settings: quick)[0].image.width == width)
  }

  @Test("One that gives more than condition tokens is refused")
  func prefixes() throws {
    var registry = AdapterRegistry()
    try registry.register(OneGridControl(givesPrefix: true))
    let pipeline = Pipeline(try model.sized(ImageSize(width: 512, height: 256)), adapters: registry)
    let image = Image(width: 8, height: 8, grey: Array(repeating: 9, count: 64))
    let error = #expect(throws: ControlError.self) {
      try pipeline.prepare([ControlSpecification("one-grid", .image(image))])
    }
    #expect(error?.description.contains("512x256") == true)
  }

  @Test("An estimate keeps nothing and tells steps and codes")
  func estimate() throws {
    let pipeline = try pipeline(384, 256)
    let controls = try pipeline.prepare([ControlSpecification("class", .text("mug,house"))])
    let run = try pipeline.start(controls, settings: quick, seed: 3)
    let estimate = try run.estimate()
    #expect(estimate.images == 2 && estimate.tokens == 384 && estimate.steps == 8)
    #expect(estimate.seconds > 0 && estimate.peakBytes > 1 << 26)
    var made: [[Int]] = []
    while let event = try run.next() { if case .image(let image) = event { made.append(image.codes) } }
    #expect(try made == pipeline.generate(controls, settings: quick, seed: 3).map(\.codes))
  }
}
