import ARPG
import ARPGControl
import ARPGDecoder
import ARPGTensor
import Foundation
import TestSupport
import Testing

/// A vision encoder as somebody else would write one: a linear layer over the pixels of a square.
private struct PixelEncoder: VisionEncoder {
  struct Configuration: VisionEncoderSizes {
    var width: Int
    var patch: Int

    func validate() throws(ConfigurationError) {
      try ConfigurationError.require(1...1 << 10 ~= width, "width", width, "1 to \(1 << 10)")
      try ConfigurationError.require(1...64 ~= patch, "patch", patch, "1 to 64")
    }
  }

  static let kind = "pixels"

  let configuration: Configuration
  private let layer: Linear

  init(_ configuration: Configuration, _ parameters: ParameterReader) {
    self.configuration = configuration
    layer = Linear(3 * configuration.patch * configuration.patch, configuration.width, parameters.scoped("pixels."))
  }

  static func sizes(of source: any ParameterSource, heads: Int?) throws(ConfigurationError) -> Configuration? {
    guard source.shape(of: "pixels.weight") != nil else { return nil }
    let weight = try source.matrix("pixels.weight", of: "an encoder of pixels")
    return Configuration(width: weight.rows, patch: Int(Double(weight.columns / 3).squareRoot()))
  }

  func encode(_ images: Tensor) -> Tensor {
    let patch = configuration.patch, cells = images.shape[2] / patch * (images.shape[3] / patch)
    return layer(images.unfoldingPatches(patch)).reshaped(images.shape[0], cells, configuration.width)
  }
}

/// An adapter that makes its control image by weights of its own: it keeps what is brighter than a threshold.
private struct ThresholdControl: ControlImageAdapter {
  let descriptor = AdapterDescriptor(
    name: "threshold", summary: "bright places", input: .image, inputSummary: "an image")

  var encoders: VisionEncoderRegistry {
    var encoders = VisionEncoderRegistry.standard
    try? encoders.register(PixelEncoder.self)
    return encoders
  }

  struct MissingThreshold: Error {}

  func makePreprocessor(_ weights: AdapterWeights?) throws -> any ControlPreprocessor {
    guard let weights else { throw MissingThreshold() }
    return Preprocessor(threshold: try weights.parameters.tensor(named: "threshold").scalar)
  }

  func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    PreparedControl(controlImage: image.image)
  }

  struct Preprocessor: ControlPreprocessor {
    let threshold: Float

    func preprocess(
      _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
    ) throws -> [PreparedControl] {
      guard case .image(let image) = input else { return [] }
      let plane = image.image.greyPlane.map { $0 > threshold ? 1 : 0 }
      return [PreparedControl(controlImage: plane)]
    }
  }
}

@Suite("Somebody else's vision encoder and preprocessing with weights")
struct ForeignEncoderTests {
  private let place: TemporaryFolder
  private var registries = Registries.twoPass

  init() throws {
    place = try TemporaryFolder()
    try registries.adapters.register(ThresholdControl())
  }

  /// A model of a small decoder and tokenizer, with the adapter's new weights and a threshold.
  private func model(threshold: Float?) throws -> Model {
    let decoder = TwoPassConfiguration(dim: 16, layers: 4, heads: 2, hidden: 16, vocab: 8, classes: 2, tokens: 16)
    let tokenizer = VQConfiguration(
      channels: 8, multipliers: [1, 1, 1], blocks: 1, latent: 8, codebook: 8, codeDim: 4, groups: 4)
    var description = ModelDescription(name: "small", imageSize: 16)
    description.decoder = DecoderPart(TwoPassDecoder.self, decoder)
    description.tokenizer = TokenizerPart(VQTokenizer.self, tokenizer)
    description.sampling.steps = 2
    let own = AdapterModel(layout: decoder.layout, imageSize: ImageSize(width: 16, height: 16))
    let settings = JSONValue.object(["encoder": .string("pixels"), "width": .number(6), "patch": .number(4)])
    let start = try ThresholdControl().initialParameters(for: own, settings: settings, seed: 1)
    var weights = start.parameters.tensors
    for name in weights.keys where name.hasSuffix("fc2.weight") {
      weights[name] = weights[name].map { tensor in
        Philox(seed: 3).normalTensor(shape: tensor.shape, deviation: 0.5, number: 0, purpose: .custom(7))
      }
    }
    var writer = ModelWriter(description)
    writer.add("decoder.safetensors", TwoPassDecoder.initialParameters(decoder, seed: 1))
    writer.add("tokenizer.safetensors", VQTokenizer.initialParameters(tokenizer, seed: 1))
    writer.add("threshold.safetensors", weights)
    writer.description.adapters["threshold"] = .init(file: "threshold.safetensors", configuration: start.configuration)
    if let threshold {
      writer.add("level.safetensors", ["threshold": Tensor(shape: [], values: [threshold])])
      writer.description.adapters["threshold"]?.preprocessor = .init(file: "level.safetensors", configuration: .null)
    }
    try writer.write(to: place.file("model"))
    return try Model.load(place.file("model"), registries)
  }

  @Test("The encoder is found in the adapter's registry, by its settings and by its tensors")
  func encoder() throws {
    let pipeline = Pipeline(try model(threshold: 0.5), adapters: registries.adapters)
    let grey = (0..<256).map { UInt8($0 % 16 < 8 ? 220 : 40) }
    let prepared = try pipeline.prepare([
      ControlSpecification("threshold", .image(Image(width: 16, height: 16, grey: grey)))
    ])
    #expect(prepared.active[0].condition.tokens.keys.sorted() == [0])
    #expect(try pipeline.generate(prepared).count == 1)
    let weights = try #require(try ModelFolder.read(place.file("model"), registries).weights(ofAdapter: "threshold"))
    let inferred = try ControlARConfiguration(inferredFrom: weights.parameters, encoders: ThresholdControl().encoders)
    #expect(inferred.encoder.kind == "pixels" && inferred.encoder.width == 6 && inferred.encoder.patch == 4)
    let own = AdapterModel(
      layout: pipeline.model.layout, imageSize: pipeline.model.imageSize,
      weights: AdapterWeights(
        configuration: .object(["encoder": .string("pixel")]), parameters: weights.parameters))
    let error = #expect(throws: ControlARError.self) { try ThresholdControl().fit(to: own) }
    #expect(error?.description.contains("encoder is 'pixel'; expected vit, dinov2, vit_c, pixels") == true)
  }

  @Test("Preprocessing uses the weights that the model has for it, and says where there are none")
  func preprocessing() throws {
    let image = Image(width: 16, height: 16, grey: (0..<256).map { UInt8($0) })
    for (threshold, bright) in [(Float(0.5), 128), (0.25, 192)] {
      let pipeline = Pipeline(try model(threshold: threshold), adapters: registries.adapters)
      let control = try pipeline.preprocess(.image(image), adapter: "threshold")[0]
      #expect(control.image?.greyValues.count { $0 == 255 } == bright)
      #expect(throws: ControlError.nothing(adapter: "threshold")) {
        try pipeline.preprocess(.text("x"), adapter: "threshold")
      }
    }
    let pipeline = Pipeline(try model(threshold: nil), adapters: registries.adapters)
    #expect(throws: ThresholdControl.MissingThreshold.self) {
      try pipeline.preprocess(.image(image), adapter: "threshold")
    }
  }
}
