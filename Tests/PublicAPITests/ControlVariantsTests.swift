import ARPG
import ARPGDecoder
import ARPGStarter
import ARPGTensor
import ClassControl
import Synchronization
import Testing

/// Condition tokens of one value in the first layer; counts how often it encodes.
private final class LevelControl: ControlAdapter, ControlPreprocessor, FittedAdapter {
  let encodings = Atomic(0)
  let descriptor = AdapterDescriptor(
    name: "level", summary: "", input: .text, inputSummary: "",
    options: [.number("scale", "of the value", range: 0...10, default: 1)])

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .text(let text) = input, let value = Float(text) else { return [] }
    return [PreparedControl(values: Tensor(shape: [1], values: [value * Float(options.number("scale"))]), note: text)]
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter { self }

  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) -> any ControlEncoder {
    Encoder(owner: self, layout: parts.decoder.layout)
  }

  struct Encoder: ControlEncoder {
    let owner: LevelControl
    let layout: DecoderLayout

    func encode(_ batch: [PreparedControl]) throws -> Condition {
      owner.encodings.add(1, ordering: .relaxed)
      return Condition(
        tokens: [0: Tensor(shape: [1, layout.tokens, layout.dim], repeating: batch[0].values.values[0])])
    }
  }
}

@Suite("Controls of requests that differ in strengths, windows and options")
struct ControlVariantsTests {
  private let adapter = LevelControl()

  private func pipeline() throws -> Pipeline {
    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try ClassControl.register(in: &registries.adapters)
    try registries.adapters.register(adapter)
    return Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)
  }

  @Test("They are those that are prepared alone, encoded once for each set of options")
  func variants() throws {
    let pipeline = try pipeline()
    var settings = pipeline.model.sampling
    settings.steps = 3
    let region = Image(width: 2, height: 1, grey: [255, 0])
    func specifications(_ scale: String, _ strength: Float, _ window: Range<Double>) -> [ControlSpecification] {
      [
        ControlSpecification("class", .text("mug")),
        ControlSpecification(
          "level", .text("0.1"), options: ["scale": scale], strength: strength, window: window, region: region),
      ]
    }
    let all: [[ControlSpecification]] = ["1", "3"].flatMap { scale in
      [(Float(0.5), 0..<1), (1, 0..<1), (1, 0.5..<1), (0, 0..<1)].map { specifications(scale, $0.0, $0.1) }
    }
    let variants = ControlVariants(pipeline)
    let prepared = try all.map { try variants.prepare($0) }
    #expect(adapter.encodings.load(ordering: .relaxed) == 2)
    var images: Set<[Int]> = []
    for (variant, specifications) in zip(prepared, all) {
      let alone = try pipeline.prepare(specifications)
      #expect(variant.notes == alone.notes && variant.readings == alone.readings && variant.batch == 1)
      for (found, expected) in zip(variant.active, alone.active) {
        #expect(found.strength == expected.strength && found.window == expected.window)
        #expect(found.region == expected.region)
        #expect(found.condition.tokens[0]?.values == expected.condition.tokens[0]?.values)
      }
      let codes = try pipeline.generate(variant, settings: settings)[0].codes
      #expect(try codes == pipeline.generate(alone, settings: settings)[0].codes)
      images.insert(codes)
    }
    #expect(images.count > 2)
  }

  @Test("Settings that the decoder does not take are told before anything is made")
  func settings() throws {
    let pipeline = try pipeline()
    var settings = pipeline.model.sampling
    try pipeline.check(settings)
    settings.schedule = .single
    #expect(throws: SamplingError.self) { try pipeline.check(settings) }
    settings = pipeline.model.sampling
    settings.steps = 0
    #expect(throws: SamplingError.self) { try pipeline.check(settings) }
  }
}
