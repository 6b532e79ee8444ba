import ARPG
import ARPGTensor

/// A layer of the first pass: self-attention over the prefix and the codes known so far.
struct SelfBlock: Sendable {
  private let attention: SelfAttention
  private let feedForward: SwiGLU
  private let attentionNorm, feedForwardNorm: RMSNorm

  init(_ configuration: TwoPassConfiguration, _ parameters: ParameterReader) {
    let dim = configuration.dim
    attention = SelfAttention(
      dim, heads: configuration.heads,
      names: .init(.separate(query: "to_q", key: "to_k", value: "to_v"), output: "proj"), parameters.scoped("attn."))
    feedForward = SwiGLU(dim, inner: configuration.hidden, parameters.scoped("ffn."))
    attentionNorm = RMSNorm(dim, eps: configuration.normEps, parameters.scoped("attn_norm."))
    feedForwardNorm = RMSNorm(dim, eps: configuration.normEps, parameters.scoped("ffn_norm."))
  }

  /// - Parameters:
  ///   - layer: the number of this layer, which tells its dropout from that of others.
  ///   - remember: adds this layer's new keys and values to those of earlier steps, and gives them all.
  func callAsFunction(
    _ x: Tensor, _ rotation: SelfAttention.Rotation, causal: Bool, layer: Int, dropout: Dropout?,
    remember: (KeyValues) -> KeyValues
  ) -> Tensor {
    let attended = attention(attentionNorm(x), causal: causal, rotation: rotation, remember: remember)
    let y = x + attended.dropping(dropout, at: .firstPassAttention(layer))
    return y + feedForward(feedForwardNorm(y)).dropping(dropout, at: .firstPassFeedForward(layer))
  }
}

/// A layer of the second pass: queries attend to the shared keys and values, never to each other.
struct CrossBlock: Sendable {
  private let toQuery, projection: Linear
  private let feedForward: SwiGLU
  private let attentionNorm, feedForwardNorm: RMSNorm
  private let heads: Int

  init(_ configuration: TwoPassConfiguration, _ parameters: ParameterReader) {
    let dim = configuration.dim
    toQuery = Linear(dim, dim, parameters.scoped("attn.to_q."))
    projection = Linear(dim, dim, parameters.scoped("attn.proj."))
    feedForward = SwiGLU(dim, inner: configuration.hidden, parameters.scoped("ffn."))
    attentionNorm = RMSNorm(dim, eps: configuration.normEps, parameters.scoped("attn_norm."))
    feedForwardNorm = RMSNorm(dim, eps: configuration.normEps, parameters.scoped("ffn_norm."))
    heads = configuration.heads
  }

  /// - Parameter layer: the number of this layer, which tells its dropout from that of others.
  func callAsFunction(
    _ z: Tensor, _ rotation: SelfAttention.Rotation, context: KeyValues, causal: Bool, layer: Int, dropout: Dropout?
  ) -> Tensor {
    let attended = rotation(toQuery(attentionNorm(z))).attend(context, heads: heads, causal: causal)
    let y = z + projection(attended).dropping(dropout, at: .secondPassAttention(layer))
    return y + feedForward(feedForwardNorm(y)).dropping(dropout, at: .secondPassFeedForward(layer))
  }
}
