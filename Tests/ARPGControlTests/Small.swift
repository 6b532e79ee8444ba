import ARPG
import ARPGControl
import ARPGTensor
import TestSupport
import Testing

/// Small sizes and inputs that several tests share.
enum Small {
  /// The sizes of the golden ViT.
  static let vit = VisionTransformerConfiguration(image: 32, patch: 8, dim: 48, heads: 4, layers: 3)
  /// The sizes of the golden DINOv2.
  static let dinov2 = VisionTransformerConfiguration(image: 70, patch: 14, dim: 48, heads: 4, layers: 3)
  /// An encoder that gives the 64 tokens of the golden decoder `arpg-odd` for images of 32 x 32.
  static let encoder = VisionEncoderConfiguration.vit(.init(image: 32, patch: 4, dim: 16, heads: 2, layers: 1))
  /// An encoder of a standard kind.
  static func encoder(_ kind: String, _ sizes: VisionTransformerConfiguration) -> VisionEncoderConfiguration {
    kind == "vit" ? .vit(sizes) : kind == "dinov2" ? .dinov2(sizes) : .convolutional(sizes)
  }
  /// The size of its images.
  static let image = ImageSize(width: 32, height: 32)

  /// Repeatable random values in -1 ... 1.
  static func random(_ shape: [Int], seed: UInt64) -> Tensor {
    let generator = Philox(seed: seed)
    let values = (0..<shape.reduce(1, *)).map { Float(generator.uniform(at: SIMD4(UInt32($0), 0, 0, 0)) * 2 - 1) }
    return Tensor(shape: shape, values: values)
  }

  /// The parameters of an adapter with nothing left at zero.
  static func trained(_ configuration: ControlARNetwork.Configuration) throws -> ParameterSet {
    var parameters = try ControlARNetwork.initialParameters(configuration, seed: 3)
    for (index, name) in parameters.names.enumerated() {
      guard let tensor = parameters.tensors[name] else { continue }
      parameters.tensors[name] = tensor.adding(random(tensor.shape, seed: UInt64(index)), scale: 0.1)
    }
    return parameters
  }

  /// The layout of the golden decoder `arpg-odd`.
  static func layout() throws -> DecoderLayout { try GoldenDecoder("arpg-odd").configuration.layout }

  /// What an adapter may know of a model with the golden decoder `arpg-odd`.
  static func model(
    _ configuration: ControlARConfiguration? = nil, parameters: (any ParameterSource)? = nil, image: ImageSize = image
  ) throws -> AdapterModel {
    let settings = try configuration.map { try JSONValue(encoding: $0) }
    return AdapterModel(
      layout: try layout(), imageSize: image,
      weights: parameters.map { AdapterWeights(configuration: settings, parameters: $0) })
  }

  /// The encoder of an adapter for a model with the golden decoder `arpg-odd`.
  static func encoder(_ adapter: some ControlAdapter, for model: AdapterModel) throws -> any ControlEncoder {
    let parts = ModelParts(decoder: try GoldenDecoder("arpg-odd").load())
    return try adapter.fit(to: model).makeEncoder(model.weights?.parameters, for: parts)
  }
}

/// An adapter whose control image is the image itself.
struct ImageControl: ControlImageAdapter {
  let descriptor = AdapterDescriptor(name: "image", summary: "", input: .image, inputSummary: "an image")
  var interpolation = Interpolation.nearest

  func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    PreparedControl(controlImage: image.image, note: "taken as it is")
  }
}
