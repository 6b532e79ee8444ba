import ARPG
import ARPGTensor

/// A stack of causal layers: every row sees the rows before it and itself. LlamaGen and what is built on it share this.
///
/// Source: LlamaGen, arXiv 2406.06525, section 3.1; the layers are those of LLaMA (Touvron et al., arXiv 2302.13971).
public struct CausalTransformer: Sendable {
  private let blocks: [CausalBlock]
  private let norm: RMSNorm
  private let head: Linear

  /// Takes `layers.{i}.*`, `norm.weight` and `output.weight`.
  public init(_ sizes: CausalSizes, _ parameters: ParameterReader) {
    blocks = (0..<sizes.layers).map { CausalBlock(sizes, parameters.scoped("layers.\($0).")) }
    norm = RMSNorm(sizes.dim, eps: sizes.normEps, parameters.scoped("norm."))
    head = Linear(sizes.dim, sizes.vocab, initial: .zeros, parameters.scoped("output."))
  }

  /// The weights of the output layer, `[vocab, dim]`.
  public var outputWeights: Tensor { head.weight }

  /// Runs rows `[batch, n, dim]` through all layers; differentiable where there is no cache.
  ///
  /// - Parameters:
  ///   - rows: those that are new.
  ///   - rotation: how their queries and keys turn.
  ///   - cache: the rows before them, which they see and join; nil where there are none.
  ///   - conditions: by layer, `[batch, n, dim]`, added to the rows as they enter it.
  ///   - dropout: of a training step; nil when sampling.
  public func callAsFunction(
    _ rows: Tensor, _ rotation: SelfAttention.Rotation, cache: CausalCache? = nil, conditions: [Int: Tensor] = [:],
    dropout: Dropout? = nil
  ) -> Tensor {
    var x = rows
    for (layer, block) in blocks.enumerated() {
      if let condition = conditions[layer] { x = x + condition }
      x = block(x, rotation, layer: layer, dropout: dropout) { cache?.append($0, layer: layer) ?? $0 }
    }
    return x
  }

  /// How the matrix of the output layer is kept.
  public var precision: WeightPrecision { head.matrix.precision }

  /// The logits of the codes that rows predict, `[..., vocab]`.
  public func logits(_ rows: Tensor) -> Tensor {
    let rows = norm(rows), span = TimeByPart.begin(.head)
    defer { span.end() }
    return head(rows)
  }
}

/// The keys and values of every layer for the rows seen so far.
public final class CausalCache {
  private let layers: [KeyValueBuffer]

  /// Room for `capacity` rows.
  ///
  /// - Parameters:
  ///   - sizes: of the transformer.
  ///   - batch: how many sequences there are.
  ///   - capacity: of rows.
  ///   - padding: for each sequence, how many of its first rows nobody sees; nil for none.
  ///   - weights: how the transformer's are kept.
  public init(
    _ sizes: CausalSizes, batch: Int, capacity: Int, padding: [Int]? = nil, beside weights: WeightPrecision = .float32
  ) {
    layers = (0..<sizes.layers).map { _ in
      KeyValueBuffer(
        batch: batch, capacity: capacity, dim: sizes.dim, heads: sizes.heads, padding: padding, beside: weights)
    }
  }

  /// The number of rows.
  public var length: Int { layers[0].length }

  func append(_ new: KeyValues, layer: Int) -> KeyValues { layers[layer].append(new) }

  /// Forgets the rows from `length` on.
  public func truncate(to length: Int) {
    for layer in layers { layer.truncate(to: length) }
  }
}

/// One layer: causal self-attention, then a feed-forward layer, both on normalised rows.
private struct CausalBlock: Sendable {
  private let attention: SelfAttention
  private let feedForward: SwiGLU
  private let attentionNorm, feedForwardNorm: RMSNorm

  init(_ sizes: CausalSizes, _ parameters: ParameterReader) {
    attention = SelfAttention(
      sizes.dim, heads: sizes.heads, names: .init(.fused("wqkv"), output: "wo"), parameters.scoped("attention."))
    feedForward = SwiGLU(sizes.dim, inner: sizes.hidden, parameters.scoped("feed_forward."))
    attentionNorm = RMSNorm(sizes.dim, eps: sizes.normEps, parameters.scoped("attention_norm."))
    feedForwardNorm = RMSNorm(sizes.dim, eps: sizes.normEps, parameters.scoped("ffn_norm."))
  }

  func callAsFunction(
    _ x: Tensor, _ rotation: SelfAttention.Rotation, layer: Int, dropout: Dropout?,
    remember: (KeyValues) -> KeyValues
  ) -> Tensor {
    let attended = attention(attentionNorm(x), causal: true, rotation: rotation, remember: remember)
    let y = x + attended.dropping(dropout, at: 2 * UInt32(layer) + 1)
    return y + feedForward(feedForwardNorm(y)).dropping(dropout, at: 2 * UInt32(layer) + 2)
  }
}
