import ARPGTensor

/// The means over a step's samples, and the sums of its statistics.
struct Accumulation {
  private(set) var loss = 0.0
  private(set) var gradients: [String: Tensor] = [:]
  private(set) var metrics: [String: Double] = [:]
  private(set) var statistics: [String: Tensor] = [:]

  /// Adds what was found for a share of the samples.
  mutating func add(_ part: (objective: Objective, gradients: [String: Tensor]), share: Double) {
    loss += Double(part.objective.loss.scalar) * share
    for (name, gradient) in part.gradients {
      if gradients[name] == nil {
        gradients[name] = share == 1 ? gradient : gradient.scaled(by: Float(share))
      } else {
        gradients[name]?.add(gradient, scale: Float(share))
      }
    }
    for (name, value) in part.objective.metrics { metrics[name, default: 0] += value * share }
    for (name, tensor) in part.objective.statistics {
      statistics[name] = statistics[name].map { $0 + tensor } ?? tensor
    }
  }

  /// Adds what the other processes found, each for its share.
  mutating func add(over processes: any ProcessGroup) {
    guard processes.count > 1 else { return }
    let metricNames = metrics.keys.sorted()
    var numbers = [Float(loss)] + metricNames.map { Float(metrics[$0] ?? 0) }
    numbers.withUnsafeMutableBufferPointer { processes.sum($0) }
    loss = Double(numbers[0])
    for (name, value) in zip(metricNames, numbers.dropFirst()) { metrics[name] = Double(value) }
    gradients = gradients.summed(over: processes)
    statistics = statistics.summed(over: processes)
  }
}

extension [String: Tensor] {
  /// The sums over all processes, in one message.
  fileprivate func summed(over processes: any ProcessGroup) -> Self {
    let names = keys.sorted()
    let all = Tensor.unset([values.reduce(0) { $0 + $1.count }])
    var sums: Self = [:]
    all.withUnsafeMutableValues { values in
      var start = 0
      for name in names {
        guard let tensor = self[name] else { continue }
        tensor.withValues { _ = values[start...].update(fromContentsOf: $0) }
        start += tensor.count
      }
      processes.sum(values)
    }
    var start = 0
    for name in names {
      guard let shape = self[name]?.shape else { continue }
      let count = shape.reduce(1, *)
      sums[name] = all.slice(start..<start + count).reshaped(shape)
      start += count
    }
    return sums
  }
}
