import ARPG
import ARPGLayers
import ARPGTensor

/// The self-supervised vision transformer DINOv2, with the tensor names of its published checkpoints.
///
/// Source: Oquab et al., arXiv 2304.07193. Position embeddings are interpolated for images of another size.
public struct DINOv2Encoder: VisionEncoder {
  /// `"dinov2"`.
  public static let kind = "dinov2"
  /// The sizes; the patch is 14 in the published ones.
  public let configuration: VisionTransformerConfiguration
  private let transformer: VisionTransformer

  /// Takes `embeddings.*`, `encoder.layer.{i}.*` and `layernorm.*`.
  public init(_ configuration: VisionTransformerConfiguration, _ parameters: ParameterReader) {
    self.configuration = configuration
    transformer = VisionTransformer(configuration, .dinov2, parameters)
  }

  /// Reads the sizes of a file with `norm1` in its layers.
  public static func sizes(of source: any ParameterSource, heads: Int?) throws(ConfigurationError)
    -> VisionTransformerConfiguration?
  {
    guard source.shape(of: "encoder.layer.0.norm1.weight") != nil else { return nil }
    return try .ofPatches(source, heads: heads, up: "mlp.fc1.weight")
  }

  /// The size where a patch covers one token: 14 / 16 of the image where a token covers 16 pixels.
  public static func inputSize(
    _ sizes: VisionTransformerConfiguration, image: ImageSize, rows: Int, columns: Int
  ) -> ImageSize {
    ImageSize(width: columns * sizes.patch, height: rows * sizes.patch)
  }

  /// The token of masked patches and the pooler's tensors are not needed.
  public static func ignores(_ name: String) -> Bool { VisionTransformer.ignores(name) }

  /// Images `[batch, 3, height, width]` in -1 ... 1 to tokens `[batch, height / patch * width / patch, dim]`.
  public func encode(_ images: Tensor) -> Tensor { transformer(images) }
}
