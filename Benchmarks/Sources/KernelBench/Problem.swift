import Foundation

/// One product of `[rows, inputs]` with the transpose of `[outputs, inputs]`.
final class Problem {
  let rows, inputs, outputs: Int
  let x, y: UnsafeMutablePointer<Float>

  init(rows: Int, inputs: Int, outputs: Int) {
    (self.rows, self.inputs, self.outputs) = (rows, inputs, outputs)
    x = .allocate(capacity: rows * inputs)
    y = .allocate(capacity: rows * outputs)
    for index in 0..<rows * inputs { x[index] = Float(index &* 40_503 >> 4 & 1023) / 512 - 1 }
    y.initialize(repeating: 0, count: rows * outputs)
  }

  deinit {
    x.deallocate()
    y.deallocate()
  }

  /// Rates of a product that took so many seconds, and its ratio to the peer's.
  func cell(_ seconds: Double, base: Double?) -> String {
    let bytes = Double(4 * inputs * outputs) / seconds / 1e9
    let operations = Double(2 * rows * inputs * outputs) / seconds / 1e9
    let ratio = base.map { ", \(($0 / seconds).formatted(digits: 2))x" } ?? ""
    return "\(bytes.formatted(digits: 1)), \(operations.formatted(digits: 1))\(ratio)"
  }
}

/// Something that computes products.
struct Contender {
  let name: String
  /// Whether it is so slow that it runs once.
  var isSlow = false
  let run: (Problem, UnsafePointer<Float>) -> Void

  /// The seconds of one product: the best of several rounds, each over several matrices.
  func seconds(_ problem: Problem, _ pool: WeightPool) -> Double {
    let size = problem.inputs * problem.outputs
    let matrices = isSlow ? 1 : max(2, min(64, (8 << 20) / size))
    return (0..<(isSlow ? 1 : 12)).map { round in
      Machine.seconds {
        for index in 0..<matrices { run(problem, pool.matrix(round * matrices + index, size: size)) }
      } / Double(matrices)
    }.min() ?? .infinity
  }
}
