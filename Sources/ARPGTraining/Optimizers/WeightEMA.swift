import ARPGTensor

/// The exponential moving average (EMA) of weights, which usually gives better images than the weights themselves.
///
/// Source: Polyak and Juditsky, SIAM J. Control Optim. 30, 1992; with the early steps weighted as in that of
/// TensorFlow, `min(decay, (1 + step) / (10 + step))`.
public struct WeightEMA: Sendable, Equatable {
  /// How slowly it moves, 0 ..< 1.
  public var decay: Double

  /// A moving average; see the property.
  public init(decay: Double) {
    self.decay = decay
  }

  /// Moves the EMA towards the weights.
  ///
  /// - Parameters:
  ///   - ema: by name; those that are missing begin as the weights.
  ///   - weights: after the step.
  ///   - step: the number of the step, from 1.
  public func update(_ ema: inout [String: Tensor], towards weights: [String: Tensor], step: Int) {
    let decay = Float(min(decay, Double(1 + step) / Double(10 + step)))
    let names = weights.keys.sorted(), before = ema
    let moved = Parallel.map(names.count) { index in
      weights[names[index]].map { weight in
        before[names[index]].map { $0.scaled(by: decay).adding(weight, scale: 1 - decay) } ?? weight
      }
    }
    for case (let name, let average?) in zip(names, moved) { ema[name] = average }
  }
}
