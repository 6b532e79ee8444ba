import ARPGLayers
import ARPGTensor

/// A layer of a vision transformer: attention among all tokens, then a feed-forward layer, both on normalised tokens.
struct VisionBlock: Sendable {
  private let attentionNorm, feedForwardNorm: LayerNorm
  private let attention: SelfAttention
  private let feedForward: MLP
  private let attentionScale, feedForwardScale: Tensor?

  init(
    _ configuration: VisionTransformerConfiguration, _ variant: VisionTransformer.Variant, _ parameters: ParameterReader
  ) {
    let dim = configuration.dim
    func scale(_ name: String?) -> Tensor? { name.map { parameters.tensor($0, dim, initial: .ones) } }
    attentionNorm = LayerNorm(dim, eps: variant.normEps, parameters.scoped(variant.attentionNorm + "."))
    attention = SelfAttention(
      dim, heads: configuration.heads, bias: true,
      names: .init(
        .separate(query: "attention.query", key: "attention.key", value: "attention.value"), output: "output.dense"),
      parameters.scoped("attention."))
    attentionScale = scale(variant.attentionScale)
    feedForwardNorm = LayerNorm(dim, eps: variant.normEps, parameters.scoped(variant.feedForwardNorm + "."))
    feedForward = MLP(
      dim, inner: configuration.hidden, dim, bias: true, names: (variant.up, variant.down), parameters)
    feedForwardScale = scale(variant.feedForwardScale)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let attended = attention(attentionNorm(x))
    let y = x + (attentionScale.map { attended.multiplyingRows($0) } ?? attended)
    let fed = feedForward(feedForwardNorm(y))
    return y + (feedForwardScale.map { fed.multiplyingRows($0) } ?? fed)
  }
}
