import Foundation

extension Tensor {
  /// The mean over rows of `-log softmax(row)[target]`: `[..., classes]` and one target a row, to a scalar.
  public func crossEntropy(_ targets: [Int]) -> Tensor {
    let classes = lastAxis
    let rows = count / max(1, classes)
    precondition(targets.count == rows, "\(targets.count) targets for \(rows) rows")
    for target in targets { precondition(0..<classes ~= target, "target \(target) is not one of \(classes) classes") }
    let probabilities = Tensor(uninitialized: shape), losses = Tensor(uninitialized: [rows])
    Parallel.forRanges(rows, grain: rowGrain) { range in
      let start = range.lowerBound * classes
      (probabilities.mutablePointer + start).update(from: pointer + start, count: range.count * classes)
      kernels.softmax(probabilities.mutablePointer + start, classes, 1, range.count, classes)
      for row in range { losses.mutablePointer[row] = loss(row: row, target: targets[row], probabilities) }
    }
    let total = losses.withValues { $0.reduce(0.0) { $0 + Double($1) } }
    return Tensor(shape: [], values: [Float(total / Double(rows))]).recorded(from: [self]) { gradient in
      let scale = gradient.scalar / Float(rows)
      let slope = Tensor(uninitialized: shape)
      Parallel.forRanges(rows, grain: rowGrain) { range in
        for row in range {
          let (p, d) = (probabilities.pointer + row * classes, slope.mutablePointer + row * classes)
          for index in 0..<classes { d[index] = p[index] * scale }
          d[targets[row]] -= scale
        }
      }
      return [slope]
    }
  }

  /// `-log softmax(row)[target]`; by the logits themselves where the probability is too small for a float.
  private func loss(row: Int, target: Int, _ probabilities: Tensor) -> Float {
    let probability = probabilities.pointer[row * lastAxis + target]
    guard probability < 1e-30 else { return -log(probability) }
    let logits = UnsafeBufferPointer(start: pointer + row * lastAxis, count: lastAxis)
    let largest = Double(logits.max() ?? 0)
    let mass = logits.reduce(0.0) { $0 + exp(Double($1) - largest) }
    return Float(log(mass) + largest - Double(logits[target]))
  }
}
