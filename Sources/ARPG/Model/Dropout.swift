import ARPGTensor

/// The dropout of one training step: after the embeddings of the first pass, every attention and every feed-forward
/// layer (ARPG, arXiv 2503.10568, appendix A). Sampling has none.
public struct Dropout: Sendable {
  /// Where in the decoder values are dropped.
  enum Site {
    case embeddings
    case firstPassAttention(Int), firstPassFeedForward(Int)
    case secondPassAttention(Int), secondPassFeedForward(Int)

    var number: UInt32 {
      switch self {
      case .embeddings: 0
      case .firstPassAttention(let layer): 4 * UInt32(layer) + 1
      case .firstPassFeedForward(let layer): 4 * UInt32(layer) + 2
      case .secondPassAttention(let layer): 4 * UInt32(layer) + 3
      case .secondPassFeedForward(let layer): 4 * UInt32(layer) + 4
      }
    }
  }

  private let rate: Float
  private let generator: Philox
  private let step: UInt32
  private let firstRow: Int

  /// The dropout of a step.
  ///
  /// - Parameters:
  ///   - rate: the probability that a value is dropped, in 0 ..< 1.
  ///   - seed: of the random numbers.
  ///   - step: the number of the training step.
  ///   - firstRow: the place of the first row in the step's whole batch, where that is taken in parts.
  public init(rate: Float, seed: UInt64, step: Int, firstRow: Int = 0) {
    self.rate = rate
    generator = Philox(seed: seed)
    self.step = UInt32(truncatingIfNeeded: step)
    self.firstRow = firstRow
  }

  /// Drops values of `x [batch, n, dim]`.
  fileprivate func callAsFunction(_ x: Tensor, at site: Site) -> Tensor {
    guard rate > 0 else { return x }
    // A part of a batch drops what the whole batch drops there, as long as its rows fill blocks.
    let row = (x.count / max(1, x.shape[0]) + Tensor.dropoutBlock - 1) / Tensor.dropoutBlock * Tensor.dropoutBlock
    return x.dropout(
      rate: rate, generator: generator, name: SIMD3(step, site.number, RandomPurpose.dropout.number),
      offset: firstRow * row)
  }
}

extension Tensor {
  /// The tensor with values dropped, or itself where there is no dropout.
  func dropping(_ dropout: Dropout?, at site: Dropout.Site) -> Tensor { dropout?(self, at: site) ?? self }
}
