import ARPG
import ARPGTensor
import LlamaGenDecoder

extension RandARDecoder {
  /// The mean cross-entropy of predicting every code by its instruction, from the prefix and the codes before it in the
  /// order of its row (arXiv 2412.01827, section 3.2).
  ///
  /// - Parameters:
  ///   - codes: for each row, its codes in raster order.
  ///   - orders: for each row, a permutation of the positions.
  ///   - prefix: `[batch, length, dim]`, at least one row.
  ///   - conditions: condition tokens by layer, `[batch, tokens, dim]` in raster order.
  ///   - dropout: of this step; nil for none.
  /// - Returns: a scalar.
  public func trainingLoss(
    codes: [[Int]], orders: [[Int]], prefix: Tensor, conditions: [Int: Tensor], dropout: Dropout?
  ) -> Tensor {
    let batch = codes.count, sizes = configuration.sizes, tokens = layout.tokens, length = prefix.shape[1]
    let shuffled = zip(codes, orders).flatMap { row, order in order.map { row[$0] } }
    let places = orders.flatMap { $0.map { $0 + 1 } }
    let questions = instructions(at: places, length: tokens, sequences: batch)
    let known = embed(shuffled, sequences: batch).dropping(dropout, at: 0)
    // The last code enters for nothing, and is left out.
    let rows = prefix.joined(with: questions.interleaved(with: known))
      .selectingRows(ofEach: Array(0..<length + 2 * tokens - 1))
    let front = Array(repeating: 0, count: length)
    let turns = orders.flatMap { order in front + order.flatMap { [$0 + 1, $0 + 1] }.dropLast() }
    let asking = (0..<tokens).map { length + 2 * $0 }
    let ordered = conditions.mapValues { condition in
      let rows = orders.enumerated().flatMap { row, order in order.map { row * tokens + $0 } }
      return condition.reshaped(batch * tokens, sizes.dim).selectingRows(rows).reshaped(batch, tokens, sizes.dim)
        .spreadRows(to: asking, of: length + 2 * tokens - 1)
    }
    let seen = transformer(
      rows, SelfAttention.Rotation(rotary, at: turns), conditions: ordered, dropout: dropout)
    return transformer.logits(seen.selectingRows(ofEach: asking)).crossEntropy(shuffled)
  }
}
