import ARPG
import ARPGTensor

extension TwoPassDecoder {
  /// The mean cross-entropy of predicting every code from the prefix and the codes before it, in an order of its own for
  /// each row of the batch; both attentions are causal (ARPG, arXiv 2503.10568, section 3.2).
  ///
  /// - Parameters:
  ///   - codes: for each row, its codes in raster order.
  ///   - orders: for each row, a permutation of the positions.
  ///   - prefix: embedded tokens in front of the codes, `[batch, n, dim]`, at least one; every prediction sees all of them.
  ///   - conditions: condition tokens by layer, `[batch, tokens, dim]` in raster order.
  ///   - dropout: of this step; nil for none.
  /// - Returns: a scalar.
  public func trainingLoss(
    codes: [[Int]], orders: [[Int]], prefix: Tensor, conditions: [Int: Tensor] = [:],
    dropout: Dropout? = nil
  ) -> Tensor {
    let batch = codes.count, tokens = layout.tokens, dim = configuration.dim, length = prefix.shape[1]
    precondition(
      prefix.shape == [batch, length, dim] && length > 0, "a prefix of shape \(prefix.shape) for a batch of \(batch)")
    let targets = zip(codes, orders).flatMap { row, order in order.map { row[$0] } }
    let known = zip(codes, orders).flatMap { row, order in order.dropLast().map { row[$0] } }
    let input = tokens > 1 ? prefix.joined(with: embed(known).reshaped(batch, tokens - 1, dim)) : prefix
    let front = Array(repeating: 0, count: length)
    let context = firstPass(
      input, positions: orders.flatMap { front + $0.dropLast().map { $0 + 1 } }, causal: true, dropout: dropout)
    let rows = orders.enumerated().flatMap { row, order in order.map { row * tokens + $0 } }
    // Query t sees the first t + 1 tokens: as many queries stand in front as the prefix has tokens but one, and predict
    // nothing.
    let idle = length - 1
    let shuffled = conditions.mapValues { condition in
      let ordered = condition.reshaped(batch * tokens, dim).selectingRows(rows).reshaped(batch, tokens, dim)
      return idle > 0 ? Tensor(shape: [batch, idle, dim], repeating: 0).joined(with: ordered) : ordered
    }
    let logits = secondPass(
      idle + tokens, positions: orders.flatMap { front.dropLast() + $0.map { $0 + 1 } }, context: context,
      conditions: shuffled, causal: true, dropout: dropout)
    guard idle > 0 else { return logits.crossEntropy(targets) }
    let predicted = (0..<batch).flatMap { row in (idle..<idle + tokens).map { row * (idle + tokens) + $0 } }
    return logits.reshaped(batch * (idle + tokens), configuration.vocab).selectingRows(predicted)
      .reshaped(batch, tokens, configuration.vocab).crossEntropy(targets)
  }
}
