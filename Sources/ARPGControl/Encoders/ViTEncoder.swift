import ARPG
import ARPGLayers
import ARPGTensor

/// The vision transformer ViT, with the tensor names of its published checkpoints.
///
/// Source: Dosovitskiy et al., arXiv 2010.11929. Position embeddings are interpolated for images of another size.
public struct ViTEncoder: VisionEncoder {
  /// `"vit"`.
  public static let kind = "vit"
  /// The sizes; the patch is 16 in the published ones.
  public let configuration: VisionTransformerConfiguration
  private let transformer: VisionTransformer

  /// Takes `embeddings.*`, `encoder.layer.{i}.*` and `layernorm.*`.
  public init(_ configuration: VisionTransformerConfiguration, _ parameters: ParameterReader) {
    self.configuration = configuration
    transformer = VisionTransformer(configuration, .vit, parameters)
  }

  /// Reads the sizes of a file with `layernorm_before` in its layers, behind a linear patch embedding.
  public static func sizes(of source: any ParameterSource, heads: Int?) throws(ConfigurationError)
    -> VisionTransformerConfiguration?
  {
    guard source.shape(of: "encoder.layer.0.layernorm_before.weight") != nil,
      source.shape(of: "embeddings.stem.0.weight") == nil
    else { return nil }
    return try .ofPatches(source, heads: heads, up: "intermediate.dense.weight")
  }

  /// The pooler's tensors are not needed.
  public static func ignores(_ name: String) -> Bool { VisionTransformer.ignores(name) }

  /// Images `[batch, 3, height, width]` in -1 ... 1 to tokens `[batch, height / patch * width / patch, dim]`.
  public func encode(_ images: Tensor) -> Tensor { transformer(images) }
}
