import ARPG
import ARPGLayers
import ARPGTensor

/// Which encoder an adapter has, with its sizes: the field `encoder` of its settings and those beside it.
public enum VisionEncoderConfiguration: Sendable, Hashable {
  /// ViT, `"encoder": "vit"`.
  case vit(VisionTransformerConfiguration)
  /// DINOv2, `"encoder": "dinov2"`.
  case dinov2(VisionTransformerConfiguration)
  /// Convolutions before the layers of a ViT, `"encoder": "vit_c"`.
  case convolutional(VisionTransformerConfiguration)

  /// The word in the field `encoder`.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    case vit
    case dinov2
    case convolutional = "vit_c"
  }

  /// An encoder of a kind with its sizes.
  public init(_ kind: Kind, _ sizes: VisionTransformerConfiguration) {
    switch kind {
    case .vit: self = .vit(sizes)
    case .dinov2: self = .dinov2(sizes)
    case .convolutional: self = .convolutional(sizes)
    }
  }

  /// The word in the field `encoder`.
  public var kind: Kind {
    switch self {
    case .vit: .vit
    case .dinov2: .dinov2
    case .convolutional: .convolutional
    }
  }

  /// The sizes of its transformer.
  public var sizes: VisionTransformerConfiguration {
    switch self {
    case .vit(let sizes), .dinov2(let sizes), .convolutional(let sizes): sizes
    }
  }

  /// The width of a token.
  public var width: Int { sizes.hidden }

  /// The side in pixels of the square that a token stands for.
  public var patch: Int { sizes.patch }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPG/ConfigurationError``.
  public func validate() throws(ConfigurationError) {
    try sizes.validate()
    guard case .convolutional = self else { return }
    try ConfigurationError.require(
      sizes.isPatchHalved, "patch", patch, "a power of two from 2 on, since each convolution halves")
  }

  /// Makes the encoder from its tensors, or takes notes of those that it needs.
  public func makeEncoder(_ parameters: ParameterReader) -> any VisionEncoder {
    switch self {
    case .vit(let sizes): ViTEncoder(sizes, parameters)
    case .dinov2(let sizes): DINOv2Encoder(sizes, parameters)
    case .convolutional(let sizes): ConvolutionalEncoder(sizes, parameters)
    }
  }

  /// The size in which the encoder sees an image.
  ///
  /// ViT, with convolutions or without, sees it as it is: its patch is the side of the image divided by that of the grid.
  /// DINOv2, whose patch of 14 rarely is, sees it in the size where a patch covers one token: 14 / 16 of the image where a
  /// token covers 16 pixels.
  ///
  /// - Parameters:
  ///   - image: the size of the model's images in pixels.
  ///   - grid: the side of the decoder's grid of tokens.
  public func inputSize(image: ImageSize, grid: Int) -> ImageSize {
    switch self {
    case .vit, .convolutional: image
    case .dinov2(let sizes): ImageSize(width: grid * sizes.patch, height: grid * sizes.patch)
    }
  }
}

extension VisionEncoderConfiguration: Codable {
  private enum CodingKeys: String, CodingKey { case encoder }

  /// Reads the kind and, beside it, the sizes.
  public init(from decoder: any Swift.Decoder) throws {
    let word = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .encoder)
    guard let kind = Kind(rawValue: word) else {
      throw ConfigurationError.invalid(
        field: "encoder", found: "'\(word)'", expected: Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.init(kind, try VisionTransformerConfiguration(from: decoder))
    try validate()
  }

  /// Writes the kind and, beside it, the sizes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .encoder)
    try sizes.encode(to: encoder)
  }
}
