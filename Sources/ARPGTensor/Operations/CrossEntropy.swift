import Foundation

extension Tensor {
  /// The mean over rows of `-log softmax(row)[target]`: `[..., classes]` and one target a row, to a scalar.
  public func crossEntropy(_ targets: [Int]) -> Tensor {
    let classes = lastAxis
    let rows = count / max(1, classes)
    precondition(targets.count == rows, "\(targets.count) targets for \(rows) rows")
    let probabilities = Tensor(uninitialized: shape)
    probabilities.mutablePointer.update(from: pointer, count: count)
    Parallel.forRanges(rows, grain: rowGrain) { range in
      kernels.softmax(
        probabilities.mutablePointer + range.lowerBound * classes, classes, 1, range.count, classes)
    }
    var total = 0.0
    for (row, target) in targets.enumerated() {
      precondition(0..<classes ~= target, "target \(target) is not one of \(classes) classes")
      let logits = UnsafeBufferPointer(start: pointer + row * classes, count: classes)
      let largest = Double(logits.max() ?? 0)
      let mass = logits.reduce(0.0) { $0 + exp(Double($1) - largest) }
      total += log(mass) + largest - Double(logits[target])
    }
    return Tensor(shape: [], values: [Float(total / Double(rows))]).recorded(from: [self]) { gradient in
      let scale = gradient.scalar / Float(rows)
      let slope = probabilities.map { $0 * scale }
      for (row, target) in targets.enumerated() { slope.mutablePointer[row * classes + target] -= scale }
      return [slope]
    }
  }
}
