import ARPG
import ARPGLayers
import ARPGTensor

/// The layers of a ViT behind convolutions, for adapters that are trained from the beginning: no weights of it are
/// published.
///
/// Source: Xiao et al., arXiv 2106.14881. Position embeddings are interpolated for images of another size.
public struct ConvolutionalEncoder: VisionEncoder {
  /// `"vit_c"`.
  public static let kind = "vit_c"
  /// The sizes; the patch is a power of two.
  public let configuration: VisionTransformerConfiguration
  private let stem: ConvolutionalStem
  private let blocks: [VisionBlock]
  private let norm: LayerNorm

  /// Takes `embeddings.stem.{i}.*`, `embeddings.position_embeddings`, `encoder.layer.{i}.*` and `layernorm.*`.
  public init(_ configuration: VisionTransformerConfiguration, _ parameters: ParameterReader) {
    self.configuration = configuration
    let variant = VisionTransformer.Variant.vit
    stem = ConvolutionalStem(configuration, parameters.scoped("embeddings."))
    blocks = (0..<configuration.layers).map {
      VisionBlock(configuration, variant, parameters.scoped("encoder.layer.\($0)."))
    }
    norm = LayerNorm(configuration.dim, eps: variant.normEps, parameters.scoped("layernorm."))
  }

  /// Reads the sizes of a file with convolutions in front.
  public static func sizes(of source: any ParameterSource, heads: Int?) throws(ConfigurationError)
    -> VisionTransformerConfiguration?
  {
    let stem = source.run { "embeddings.stem.\($0).weight" }
    guard stem > 0 else { return nil }
    return try VisionTransformerConfiguration(
      of: source, heads: heads, patch: 1 << min(stem - 1, 16), hasClassToken: false, up: "intermediate.dense.weight")
  }

  /// Checks that convolutions lead to patches.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  public static func validate(_ sizes: VisionTransformerConfiguration) throws(ConfigurationError) {
    try ConfigurationError.require(
      sizes.isPatchHalved, "patch", sizes.patch, "a power of two from 2 on, since each convolution halves")
  }

  /// Images `[batch, 3, height, width]` in -1 ... 1 to tokens `[batch, height / patch * width / patch, dim]`.
  public func encode(_ images: Tensor) -> Tensor { norm(blocks.reduce(stem(images)) { $1($0) }) }
}
