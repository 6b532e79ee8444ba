import ARPG
import ARPGTensor

extension LlamaGenDecoder {
  /// The mean cross-entropy of predicting every code from the prefix and the codes before it (arXiv 2406.06525, section 3.2).
  ///
  /// - Parameters:
  ///   - codes: for each row, its codes in raster order.
  ///   - orders: for each row, the raster order.
  ///   - prefix: `[batch, length, dim]`, at least one row.
  ///   - conditions: condition tokens by layer, `[batch, tokens, dim]` in raster order.
  ///   - dropout: of this step; nil for none.
  /// - Returns: a scalar.
  public func trainingLoss(
    codes: [[Int]], orders: [[Int]], prefix: Tensor, conditions: [Int: Tensor], dropout: Dropout?
  ) -> Tensor {
    let tokens = layout.tokens, length = prefix.shape[1]
    precondition(
      orders.allSatisfy { $0.elementsEqual(0..<tokens) }, "a decoder of LlamaGen is trained in raster order alone")
    let input =
      tokens > 1 ? prefix.joined(with: embed(codes.flatMap { $0.dropLast() }, sequences: codes.count)) : prefix
    let places = Array(repeating: 0, count: length) + (1..<tokens)
    let predicting = Array(length - 1..<length - 1 + tokens)
    let seen = transformer(
      input.dropping(dropout, at: 0), SelfAttention.Rotation(rotary, at: places),
      conditions: conditions.mapValues { $0.spreadRows(to: predicting, of: places.count) }, dropout: dropout)
    return transformer.logits(seen.lastRows(tokens)).crossEntropy(codes.flatMap { $0 })
  }
}
