import ARPG
import ARPGControl
import ARPGTensor
import TestSupport
import Testing

@Suite("Adapters that do not fit a model")
struct FitTests {
  /// Shapes alone: reading a tensor is an error of its own.
  private struct ShapesOnly: ParameterSource {
    struct Read: Error {}
    let shapes: [String: [Int]]
    let sourceName = "shapes"

    init(_ configuration: ControlARNetwork.Configuration) {
      let table = ControlARNetwork.parameterTable(configuration)
      shapes = Dictionary(table.map { ($0.name, $0.shape) }) { first, _ in first }
    }

    var names: [String] { shapes.keys.sorted() }
    func shape(of name: String) -> [Int]? { shapes[name] }
    func tensor(named name: String) throws -> Tensor { throw Read() }
  }

  private func message(
    _ settings: ControlARConfiguration, source: any ParameterSource, image: ImageSize = Small.image
  ) throws -> String? {
    let model = try Small.model(settings, parameters: source, image: image)
    return #expect(throws: ControlARError.self) { try ImageControl().fit(to: model) }?.description
  }

  private func shapes(dim: Int = 48, inject: [Int] = [0, 1, 2]) -> ShapesOnly {
    ShapesOnly(.init(encoder: Small.encoder, dim: dim, inject: inject))
  }

  @Test("The decoder's width differs")
  func width() throws {
    let settings = ControlARConfiguration(encoder: Small.encoder)
    let image = ImageSize(width: 16, height: 16)
    #expect(
      try message(settings, source: shapes(dim: 192), image: image) == """
        adapter image does not fit the model: condition_mlp.fc1.weight is [192, 192], the decoder's width is 48; \
        64 tokens expected, the encoder gives 16
        """)
    #expect(
      try message(ControlARConfiguration(encoder: Small.encoder, dim: 96), source: shapes()) == """
        adapter image does not fit the model: its dim is 96, the decoder's width is 48
        """)
  }

  @Test("The number of tokens differs")
  func tokens() throws {
    let settings = ControlARConfiguration(encoder: Small.encoder)
    let prefix = "adapter image does not fit the model: "
    let cases = [
      (ImageSize(width: 64, height: 32), "64 tokens expected, the encoder gives 128"),
      (ImageSize(width: 64, height: 16), "a grid of 8 x 8 tokens expected, the encoder gives 16 x 4"),
      (ImageSize(width: 30, height: 32), "its patches of 4 pixels do not tile images of 30 x 32"),
    ]
    for (image, expected) in cases {
      #expect(try message(settings, source: shapes(), image: image) == prefix + expected)
    }
  }

  @Test("The layers of injection differ")
  func layers() throws {
    let deep = ControlARConfiguration(encoder: Small.encoder, inject: [0, 12])
    #expect(
      try message(deep, source: shapes(inject: [0, 1])) == """
        adapter image does not fit the model: it is injected at layer 12, the decoder takes condition tokens at the layers 0 to 2
        """)
    let two = ControlARConfiguration(encoder: Small.encoder)
    #expect(
      try message(two, source: shapes(inject: [0, 1])) == """
        adapter image does not fit the model: it has condition_layers for 2 layers, and is injected at the layers \
        [0, 1, 2]
        """)
  }

  @Test("The encoder's tensors differ: all are listed, none is read")
  func encoderShapes() throws {
    let other = VisionEncoderConfiguration.vit(.init(image: 32, patch: 4, dim: 24, heads: 2, layers: 1))
    let model = try Small.model(ControlARConfiguration(encoder: other), parameters: shapes())
    let error = #expect(throws: ParameterError.self) { try ImageControl().fit(to: model) }
    #expect((error?.misshapen.count ?? 0) > 10 && error?.missing.isEmpty == true)

    let fitting = try Small.model(ControlARConfiguration(encoder: Small.encoder), parameters: shapes())
    #expect(throws: ShapesOnly.Read.self) { try Small.encoder(ImageControl(), for: fitting) }
  }

  @Test("The model has no weights for the adapter, or its settings cannot be read")
  func noWeights() throws {
    let none = try Small.model(ControlARConfiguration(encoder: Small.encoder))
    let error = #expect(throws: ControlARError.self) { try ImageControl().fit(to: none) }
    #expect(error?.description.hasPrefix("the model has no weights for the adapter image; ") == true)

    let model = AdapterModel(
      layout: none.layout, imageSize: Small.image,
      weights: AdapterWeights(configuration: .object(["encoder": .string("vit")]), parameters: shapes()))
    #expect(throws: ControlARError.settings(adapter: "image", reason: "image is missing")) {
      try ImageControl().fit(to: model)
    }
    #expect(throws: ControlARError.self) {
      try ImageControl().fit(to: Small.model(parameters: ParameterSet([:])))
    }
  }
}
