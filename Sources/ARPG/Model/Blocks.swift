import ARPGTensor

/// SwiGLU: `w2(silu(w1 x) · w3 x)`.
struct FeedForward: Sendable {
  private let gate, up, down: Tensor

  init(dim: Int, hidden: Int, _ parameters: ParameterReader) {
    gate = parameters.tensor("w1.weight", hidden, dim)
    up = parameters.tensor("w3.weight", hidden, dim)
    down = parameters.tensor("w2.weight", dim, hidden)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let parts = x.linear([gate, up])
    return parts[0].siluMultiply(parts[1]).linear(down)
  }
}

/// A layer of the first pass: self-attention over the prefix and the codes known so far.
struct SelfBlock: Sendable {
  private let toQuery, toKey, toValue, projection, attentionNorm, feedForwardNorm: Tensor
  private let feedForward: FeedForward
  private let heads: Int
  private let eps: Float

  init(_ configuration: DecoderConfiguration, _ parameters: ParameterReader) {
    let dim = configuration.dim
    toQuery = parameters.tensor("attn.to_q.weight", dim, dim)
    toKey = parameters.tensor("attn.to_k.weight", dim, dim)
    toValue = parameters.tensor("attn.to_v.weight", dim, dim)
    projection = parameters.tensor("attn.proj.weight", dim, dim)
    feedForward = FeedForward(dim: dim, hidden: configuration.hidden, parameters.scoped("ffn."))
    attentionNorm = parameters.tensor("attn_norm.weight", dim)
    feedForwardNorm = parameters.tensor("ffn_norm.weight", dim)
    heads = configuration.heads
    eps = configuration.normEps
  }

  /// - Parameters:
  ///   - layer: the number of this layer, which tells its dropout from that of others.
  ///   - remember: adds this layer's new keys and values to those of earlier steps, and gives them all.
  func callAsFunction(
    _ x: Tensor, positions: [Int], rotary: RotaryTable, causal: Bool, layer: Int, dropout: Dropout?,
    remember: (KeyValues) -> KeyValues
  ) -> Tensor {
    let parts = x.rmsNorm(gain: attentionNorm, eps: eps).linear([toQuery, toKey, toValue])
    let context = remember(KeyValues(keys: rotary.rotate(parts[1], at: positions), values: parts[2]))
    let attended = rotary.rotate(parts[0], at: positions).attend(context, heads: heads, causal: causal)
    let y = x + attended.linear(projection).dropping(dropout, at: .firstPassAttention(layer))
    return y
      + feedForward(y.rmsNorm(gain: feedForwardNorm, eps: eps)).dropping(dropout, at: .firstPassFeedForward(layer))
  }
}

/// A layer of the second pass: queries attend to the shared keys and values, never to each other.
struct CrossBlock: Sendable {
  private let toQuery, projection, attentionNorm, feedForwardNorm: Tensor
  private let feedForward: FeedForward
  private let heads: Int
  private let eps: Float

  init(_ configuration: DecoderConfiguration, _ parameters: ParameterReader) {
    let dim = configuration.dim
    toQuery = parameters.tensor("attn.to_q.weight", dim, dim)
    projection = parameters.tensor("attn.proj.weight", dim, dim)
    feedForward = FeedForward(dim: dim, hidden: configuration.hidden, parameters.scoped("ffn."))
    attentionNorm = parameters.tensor("attn_norm.weight", dim)
    feedForwardNorm = parameters.tensor("ffn_norm.weight", dim)
    heads = configuration.heads
    eps = configuration.normEps
  }

  /// - Parameter layer: the number of this layer, which tells its dropout from that of others.
  func callAsFunction(
    _ z: Tensor, positions: [Int], rotary: RotaryTable, context: KeyValues, causal: Bool, layer: Int, dropout: Dropout?
  ) -> Tensor {
    let query = z.rmsNorm(gain: attentionNorm, eps: eps).linear(toQuery)
    let attended = rotary.rotate(query, at: positions).attend(context, heads: heads, causal: causal)
    let y = z + attended.linear(projection).dropping(dropout, at: .secondPassAttention(layer))
    return y
      + feedForward(y.rmsNorm(gain: feedForwardNorm, eps: eps)).dropping(dropout, at: .secondPassFeedForward(layer))
  }
}
