import ARPG
import ARPGLayers
import ARPGTensor

/// Which encoder an adapter has, with its sizes: the field `encoder` of its settings and those beside it.
public struct VisionEncoderConfiguration: Sendable {
  /// The word in the field `encoder`.
  public let kind: String
  /// The sizes beside it.
  public let sizes: any VisionEncoderSizes
  /// Whether a tensor that the encoder does not need may stand in a file all the same.
  let ignores: @Sendable (String) -> Bool
  private let check: @Sendable () throws(ConfigurationError) -> Void
  private let bind: @Sendable (ParameterReader) -> any VisionEncoder
  private let input: @Sendable (ImageSize, _ rows: Int, _ columns: Int) -> ImageSize

  /// An encoder of a kind with its sizes.
  public init<Encoder: VisionEncoder>(_ encoder: Encoder.Type, _ sizes: Encoder.Configuration) {
    kind = Encoder.kind
    self.sizes = sizes
    ignores = { Encoder.ignores($0) }
    check = { () throws(ConfigurationError) in
      try sizes.validate()
      try Encoder.validate(sizes)
    }
    bind = { Encoder(sizes, $0) }
    input = { Encoder.inputSize(sizes, image: $0, rows: $1, columns: $2) }
  }

  /// ViT, `"encoder": "vit"`.
  public static func vit(_ sizes: VisionTransformerConfiguration) -> Self { Self(ViTEncoder.self, sizes) }
  /// DINOv2, `"encoder": "dinov2"`.
  public static func dinov2(_ sizes: VisionTransformerConfiguration) -> Self { Self(DINOv2Encoder.self, sizes) }
  /// Convolutions before the layers of a ViT, `"encoder": "vit_c"`.
  public static func convolutional(_ sizes: VisionTransformerConfiguration) -> Self {
    Self(ConvolutionalEncoder.self, sizes)
  }

  /// The width of a token.
  public var width: Int { sizes.width }

  /// The side in pixels of the square that a token stands for.
  public var patch: Int { sizes.patch }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  public func validate() throws(ConfigurationError) { try check() }

  /// Makes the encoder from its tensors, or takes notes of those that it needs.
  public func makeEncoder(_ parameters: ParameterReader) -> any VisionEncoder { bind(parameters) }

  /// The size in which the encoder sees an image.
  ///
  /// - Parameters:
  ///   - image: the size of the model's images in pixels.
  ///   - rows: the rows of the decoder's grid of tokens.
  ///   - columns: the columns of the decoder's grid of tokens.
  public func inputSize(image: ImageSize, rows: Int, columns: Int) -> ImageSize { input(image, rows, columns) }
}

extension VisionEncoderConfiguration: Hashable {
  /// Whether kind and sizes are the same.
  public static func == (one: VisionEncoderConfiguration, other: VisionEncoderConfiguration) -> Bool {
    one.kind == other.kind && AnyHashable(one.sizes) == AnyHashable(other.sizes)
  }

  /// Hashes kind and sizes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(AnyHashable(sizes))
  }
}

extension VisionEncoderConfiguration: Encodable {
  private enum CodingKeys: String, CodingKey { case encoder }

  /// Writes the kind and, beside it, the sizes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .encoder)
    try sizes.encode(to: encoder)
  }
}
