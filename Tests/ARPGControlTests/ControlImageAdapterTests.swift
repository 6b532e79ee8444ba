import ARPG
import ARPGControl
import ARPGTensor
import TestSupport
import Testing

@Suite("Adapters of control images")
struct ControlImageAdapterTests {
  private let settings = ControlARConfiguration(encoder: Small.encoder)

  private func image(seed: UInt64, size: ImageSize = Small.image) -> Image {
    let values = Small.random([size.width * size.height * 3], seed: seed).values
    return Image(width: size.width, height: size.height, pixels: values.map { UInt8(127 + 127 * $0) })
  }

  private func prepare(_ image: Image, size: ImageSize? = Small.image) throws -> [PreparedControl] {
    let adapter = ImageControl()
    return try adapter.preprocess(
      .image(FittedImage(image, to: size)), options: OptionValues(for: adapter.descriptor),
      in: PreprocessingContext(imageSize: size))
  }

  @Test("An image becomes one control image of the model's size, or of its own for a preview")
  func preprocessing() throws {
    let large = image(seed: 1, size: ImageSize(width: 50, height: 40))
    let prepared = try #require(prepare(large).first)
    #expect(prepared.values.shape == [3, 32, 32] && prepared.note == "taken as it is")
    #expect(prepared.values.values.allSatisfy { -1...1 ~= $0 })
    #expect(try prepare(large, size: nil).first?.values.shape == [3, 40, 50])

    let adapter = ImageControl()
    let error = #expect(throws: ControlARError.self) {
      try adapter.preprocess(
        .text("cat"), options: OptionValues(for: adapter.descriptor), in: PreprocessingContext(imageSize: nil))
    }
    #expect(error?.description == "image takes an image; give the name of an image file")
  }

  @Test("A plane of 0 ... 1 becomes three channels of -1 ... 1")
  func planes() {
    let control = PreparedControl(controlImage: Plane(width: 2, height: 1, values: [0, 1]), note: "a note")
    #expect(control.values.shape == [3, 1, 2] && control.values.values == [-1, 1, -1, 1, -1, 1])
    #expect(control.image?.pixels == [0, 0, 0, 255, 255, 255] && control.note == "a note")
  }

  @Test("Control images of another size are refused")
  func shapes() throws {
    let parameters = try Small.trained(settings.network(for: Small.layout()))
    let encoder = try Small.encoder(ImageControl(), for: Small.model(settings, parameters: parameters))
    let wrong =
      try prepare(image(seed: 1), size: nil) + prepare(image(seed: 1), size: ImageSize(width: 8, height: 8))
    #expect(throws: ControlARError.shape(adapter: "image", found: [3, 8, 8], expected: [3, 32, 32])) {
      try encoder.encode(wrong)
    }
  }

  @Test("Without settings the sizes are read off the weights")
  func inferredSettings() throws {
    let wide = ControlARConfiguration(encoder: .vit(.init(image: 32, patch: 4, dim: 64, heads: 1, layers: 1)))
    let parameters = try Small.trained(wide.network(for: Small.layout()))
    let control = try prepare(image(seed: 1))
    let given = try Small.encoder(ImageControl(), for: Small.model(wide, parameters: parameters)).encode(control)
    let inferred = try Small.encoder(ImageControl(), for: Small.model(parameters: parameters)).encode(control)
    #expect(given.tokens.mapValues(\.values) == inferred.tokens.mapValues(\.values))
  }

  @Test("DINOv2 sees the image in 14 / 16 of its size", arguments: [Interpolation.nearest, .bicubic])
  func resizing(interpolation: Interpolation) throws {
    let sizes = VisionTransformerConfiguration(image: 56, patch: 14, dim: 8, heads: 2, layers: 1)
    let settings = ControlARConfiguration(encoder: .dinov2(sizes))
    let size = ImageSize(width: 128, height: 128)
    #expect(settings.encoder.inputSize(image: size, rows: 8, columns: 8) == ImageSize(width: 112, height: 112))

    let decoder = try Small.layout()
    let parameters = try Small.trained(settings.network(for: decoder))
    let model = try Small.model(settings, parameters: parameters, image: size)
    let control = try prepare(image(seed: 1, size: size), size: size)
    let found = try Small.encoder(ImageControl(interpolation: interpolation), for: model).encode(control)
    let resized = control[0].values.resized(axis: 1, to: 112, by: interpolation)
      .resized(axis: 2, to: 112, by: interpolation).reshaped(1, 3, 112, 112)
    let expected = try ControlARNetwork.load(settings.network(for: decoder), from: parameters)(resized)
    #expect(found.tokens.mapValues(\.values) == expected.tokens.mapValues(\.values))
  }

  @Test("The encoder's tensors may carry the prefix of published files")
  func prefixes() throws {
    let plain = try Small.trained(settings.network(for: Small.layout()))
    var prefixed = ParameterSet([:])
    for (name, tensor) in plain.tensors {
      prefixed.tensors[name.hasPrefix("encoder.") ? "encoder.vit." + name.dropFirst(8) : name] = tensor
    }
    let control = try prepare(image(seed: 1))
    let expected = try Small.encoder(ImageControl(), for: Small.model(settings, parameters: plain)).encode(control)
    let found = try Small.encoder(ImageControl(), for: Small.model(settings, parameters: prefixed)).encode(control)
    #expect(found.tokens.mapValues(\.values) == expected.tokens.mapValues(\.values))
  }
}
