import ARPG
import ARPGLayers
import ARPGTensor

/// What ViT and DINOv2 have in common.
struct VisionTransformer: Sendable {
  /// How the two differ: the names of a layer's tensors, and the constant of the norms.
  struct Variant: Sendable {
    let attentionNorm, feedForwardNorm, up, down: String
    /// The tensors that scale what a layer adds; nil where it is added as it is.
    let attentionScale, feedForwardScale: String?
    let normEps: Float

    static let vit = Variant(
      attentionNorm: "layernorm_before", feedForwardNorm: "layernorm_after", up: "intermediate.dense",
      down: "output.dense", attentionScale: nil, feedForwardScale: nil, normEps: 1e-12)
    static let dinov2 = Variant(
      attentionNorm: "norm1", feedForwardNorm: "norm2", up: "mlp.fc1", down: "mlp.fc2",
      attentionScale: "layer_scale1.lambda1", feedForwardScale: "layer_scale2.lambda1", normEps: 1e-6)
  }

  private let embedding: PatchEmbedding
  private let blocks: [VisionBlock]
  private let norm: LayerNorm

  init(_ configuration: VisionTransformerConfiguration, _ variant: Variant, _ parameters: ParameterReader) {
    embedding = PatchEmbedding(configuration, parameters.scoped("embeddings."))
    blocks = (0..<configuration.layers).map {
      VisionBlock(configuration, variant, parameters.scoped("encoder.layer.\($0)."))
    }
    norm = LayerNorm(configuration.dim, eps: variant.normEps, parameters.scoped("layernorm."))
  }

  /// Images `[batch, 3, height, width]` to the normalised tokens of the last layer, without the class token.
  func callAsFunction(_ images: Tensor) -> Tensor {
    let tokens = blocks.reduce(embedding(images)) { $1($0) }
    let batch = tokens.shape[0], length = tokens.shape[1], dim = tokens.shape[2]
    let patches = (0..<batch).flatMap { row in (1..<length).map { row * length + $0 } }
    return norm(tokens.reshaped(batch * length, dim).selectingRows(patches)).reshaped(batch, length - 1, dim)
  }

  /// Whether a published file holds this tensor for uses that need more than tokens.
  static func ignores(_ name: String) -> Bool {
    name == "embeddings.mask_token" || name.hasPrefix("pooler.")
  }
}
