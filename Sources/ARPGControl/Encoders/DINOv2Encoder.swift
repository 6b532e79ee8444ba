import ARPG
import ARPGLayers
import ARPGTensor

/// The self-supervised vision transformer DINOv2, with the tensor names of its published checkpoints.
///
/// Source: Oquab et al., arXiv 2304.07193. Position embeddings are interpolated for images of another size.
public struct DINOv2Encoder: VisionEncoder, Module {
  /// The sizes.
  public let configuration: VisionTransformerConfiguration
  private let transformer: VisionTransformer

  /// Takes `embeddings.*`, `encoder.layer.{i}.*` and `layernorm.*`.
  public init(_ configuration: VisionTransformerConfiguration, _ parameters: ParameterReader) {
    self.configuration = configuration
    transformer = VisionTransformer(configuration, .dinov2, parameters)
  }

  /// The token of masked patches and the pooler's tensors are not needed.
  public static func ignores(_ name: String) -> Bool { VisionTransformer.ignores(name) }

  /// The width of a token.
  public var width: Int { configuration.hidden }
  /// The side in pixels of a patch, 14 in the published sizes.
  public var patch: Int { configuration.patch }

  /// Images `[batch, 3, height, width]` in -1 ... 1 to tokens `[batch, height / patch * width / patch, hidden]`.
  public func encode(_ images: Tensor) -> Tensor { transformer(images) }
}
