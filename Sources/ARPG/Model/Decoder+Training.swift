import ARPGTensor

extension Decoder {
  /// The mean cross-entropy of predicting every code from the prefix and the codes before it, in an order of its own for
  /// each row of the batch; both attentions are causal (ARPG, arXiv 2503.10568, section 3.2).
  ///
  /// - Parameters:
  ///   - codes: for each row, its codes in raster order.
  ///   - orders: for each row, a permutation of the positions.
  ///   - prefix: embedded tokens in front of the codes, `[batch, 1, dim]`.
  ///   - conditions: condition tokens by layer, `[batch, tokens, dim]` in raster order.
  ///   - dropout: of this step; nil for none.
  /// - Returns: a scalar.
  public func trainingLoss(
    codes: [[Int]], orders: [[Int]], prefix: Tensor, conditions: [Int: Tensor] = [:],
    dropout: Dropout? = nil
  ) -> Tensor {
    let batch = codes.count, tokens = configuration.tokens, dim = configuration.dim
    precondition(prefix.shape == [batch, 1, dim], "a prefix of shape \(prefix.shape) for a batch of \(batch)")
    let targets = zip(codes, orders).flatMap { row, order in order.map { row[$0] } }
    let known = zip(codes, orders).flatMap { row, order in order.dropLast().map { row[$0] } }
    let input = tokens > 1 ? prefix.joined(with: embed(known).reshaped(batch, tokens - 1, dim)) : prefix
    let context = firstPass(
      input, positions: orders.flatMap { [0] + $0.dropLast().map { $0 + 1 } }, causal: true, dropout: dropout)
    let rows = orders.enumerated().flatMap { row, order in order.map { row * tokens + $0 } }
    let shuffled = conditions.mapValues {
      $0.reshaped(batch * tokens, dim).selectingRows(rows).reshaped(batch, tokens, dim)
    }
    let logits = secondPass(
      tokens, positions: orders.flatMap { $0.map { $0 + 1 } }, context: context, conditions: shuffled, causal: true,
      dropout: dropout)
    return logits.crossEntropy(targets)
  }
}
