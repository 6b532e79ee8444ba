import ARPGTensor

/// The dropout of one training step. Sampling has none.
///
/// Source: Srivastava et al., Journal of Machine Learning Research 15, 2014.
public struct Dropout: Sendable {
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

  fileprivate func callAsFunction(_ x: Tensor, at site: UInt32) -> Tensor {
    guard rate > 0 else { return x }
    // A part of a batch drops what the whole batch drops there, as long as its rows fill blocks.
    let row = (x.count / max(1, x.shape[0]) + Tensor.dropoutBlock - 1) / Tensor.dropoutBlock * Tensor.dropoutBlock
    return x.dropout(
      rate: rate, generator: generator, name: SIMD3(step, site, RandomPurpose.dropout.number),
      offset: firstRow * row)
  }
}

extension Tensor {
  /// The tensor with values dropped, or itself where there is no dropout: `[batch, ...]`.
  ///
  /// - Parameters:
  ///   - dropout: of this step.
  ///   - site: the number of this place in the network, which no other place has.
  public func dropping(_ dropout: Dropout?, at site: UInt32) -> Tensor { dropout?(self, at: site) ?? self }
}
