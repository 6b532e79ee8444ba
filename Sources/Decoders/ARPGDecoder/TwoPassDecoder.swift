import ARPG
import ARPGTensor

/// The two-pass decoder of ARPG (arXiv 2503.10568, section 3): one code for training and sampling.
///
/// Positions are rows of the rotary table: 0 for the prefix, `p + 1` for raster position `p`; either as many as there are
/// tokens, shared by the batch, or one for each token of each row of the batch.
public struct TwoPassDecoder: ImageDecoder {
  /// The sizes.
  public let configuration: TwoPassConfiguration
  /// What the rest of the program needs to know.
  public private(set) var layout: DecoderLayout
  /// The turns of queries and keys.
  private var rotary: RotaryTable
  private let embeddings: Embedding
  private let sharedNorm, norm: RMSNorm
  private let toKey, toValue, head: Linear
  private let firstPassBlocks: [SelfBlock]
  private let secondPassBlocks: [CrossBlock]

  /// Takes the tensors of a published checkpoint by their names there.
  public init(_ configuration: TwoPassConfiguration, _ parameters: ParameterReader) {
    let dim = configuration.dim
    let parameters = parameters.initializing(.normal(deviation: 0.02))
    self.configuration = configuration
    layout = configuration.layout
    rotary = configuration.rotary(rows: layout.rows, columns: layout.columns)
    embeddings = Embedding(rows: configuration.embeddingRows, dim: dim, parameters.scoped("embeddings."))
    firstPassBlocks = (0..<configuration.layers / 2).map {
      SelfBlock(configuration, parameters.scoped("layers.self_dec.\($0)."))
    }
    secondPassBlocks = (0..<configuration.layers / 2).map {
      CrossBlock(configuration, parameters.scoped("layers.cross_dec.\($0)."))
    }
    sharedNorm = RMSNorm(dim, eps: configuration.normEps, parameters.scoped("layers.norm."))
    toKey = Linear(dim, dim, parameters.scoped("layers.to_k."))
    toValue = Linear(dim, dim, parameters.scoped("layers.to_v."))
    norm = RMSNorm(dim, eps: configuration.normEps, parameters.scoped("norm."))
    head = Linear(dim, configuration.vocab, initial: .zeros, parameters.scoped("head."))
  }

  /// The same weights for another grid; slow rotary rates turn as if it spanned the places of training (RandAR, arXiv
  /// 2412.01827, section 4.3).
  public func extended(toRows rows: Int, columns: Int) -> any ImageDecoder {
    var decoder = self
    (decoder.layout.rows, decoder.layout.columns) = (rows, columns)
    decoder.rotary = configuration.rotary(rows: rows, columns: columns)
    return decoder
  }

  /// Rows of the embedding table: `[rows.count, dim]`.
  package func embed(_ rows: [Int]) -> Tensor { embeddings(rows) }

  /// How the matrices that give the shared keys and values are kept.
  var keyPrecision: WeightPrecision { toKey.matrix.precision }

  /// The weights of the output layer, `[vocab, dim]`: the direction of each code's logit.
  public var outputWeights: Tensor { head.weight }

  /// The first pass: self-attention over the prefix and the known codes, giving the keys and values that every layer of
  /// the second pass shares. Controls have no part in it.
  ///
  /// - Parameters:
  ///   - tokens: embedded tokens that are new, `[batch, n, dim]`.
  ///   - positions: where they stand.
  ///   - cache: the tokens of earlier steps, which the new ones see and join; nil where there are none.
  ///   - causal: whether a token sees only those before it; only for a first step, with nothing in the cache.
  ///   - dropout: of a training step; nil when sampling.
  package func firstPass(
    _ tokens: Tensor, positions: [Int], cache: TwoPassCache? = nil, causal: Bool, dropout: Dropout? = nil
  ) -> KeyValues {
    var x = tokens.dropping(dropout, at: .embeddings)
    let rotation = SelfAttention.Rotation(rotary, at: positions)
    for (layer, block) in firstPassBlocks.enumerated() {
      x = block(x, rotation, causal: causal, layer: layer, dropout: dropout) { new in
        cache?.append(new, layer: layer) ?? new
      }
    }
    let parts = Linear.apply([toKey, toValue], to: sharedNorm(x))
    let new = KeyValues(keys: rotation(parts[0]), values: parts[1])
    return cache?.append(new, layer: firstPassBlocks.count) ?? new
  }

  /// The second pass: the logits of the codes at some positions, `[batch, n, vocab]`.
  ///
  /// - Parameters:
  ///   - count: how many positions each row of the batch predicts, `n`.
  ///   - positions: which, `n` or `batch * n` of them.
  ///   - context: what the first pass gave.
  ///   - conditions: by layer, `[batch, n, dim]`, added to the queries there.
  ///   - causal: whether query `t` sees only the first `t + 1` tokens, as in training.
  ///   - dropout: of a training step; nil when sampling.
  package func secondPass(
    _ count: Int, positions: [Int], context: KeyValues, conditions: [Int: Tensor] = [:], causal: Bool = false,
    dropout: Dropout? = nil
  ) -> Tensor {
    let rows = Array(repeating: configuration.maskRow, count: context.batch * count)
    let rotation = SelfAttention.Rotation(rotary, at: positions)
    var z = embed(rows).reshaped(context.batch, count, configuration.dim)
    for (layer, block) in secondPassBlocks.enumerated() {
      if let condition = conditions[layer] { z = z + condition }
      z = block(z, rotation, context: context, causal: causal, layer: layer, dropout: dropout)
    }
    let last = norm(z), span = TimeByPart.begin(.head)
    defer { span.end() }
    return head(last)
  }
}
