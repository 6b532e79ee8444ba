import ARPGTensor
import Foundation

/// Adam with decoupled weight decay; only matrices decay, tensors of two or more axes.
///
/// Source: Loshchilov and Hutter, arXiv 1711.05101, algorithm 2.
public struct AdamW: Optimizer, Equatable {
  /// How slowly the mean of the gradients moves, 0 ..< 1.
  public var beta1: Float
  /// How slowly the mean of their squares moves, 0 ..< 1.
  public var beta2: Float
  /// What is added to the root of the squares.
  public var eps: Float
  /// The decay of matrices, times the learning rate.
  public var weightDecay: Float

  /// Published settings of ARPG unless told otherwise.
  public init(beta1: Float = 0.9, beta2: Float = 0.95, eps: Float = 1e-8, weightDecay: Float = 0.05) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.eps = eps
    self.weightDecay = weightDecay
  }

  /// The mean of the gradients, and that of their squares.
  public var stateNames: [String] { ["mean", "square"] }

  /// One step.
  public func update(_ parameter: Tensor, gradient: Tensor, state: [Tensor], step: Int, learningRate: Float)
    -> (parameter: Tensor, state: [Tensor])
  {
    let keep = parameter.shape.count >= 2 ? 1 - learningRate * weightDecay : 1
    let stride = Float(Double(learningRate) / (1 - pow(Double(beta1), Double(step))))
    let root = Float((1 - pow(Double(beta2), Double(step))).squareRoot())
    let moved = parameter.elementwise(gradient, state[0], state[1]) { parameter, gradient, mean, square in
      let mean = beta1 * mean + (1 - beta1) * gradient
      let square = beta2 * square + (1 - beta2) * gradient * gradient
      return (parameter * keep - stride * mean / (square.squareRoot() / root + eps), mean, square)
    }
    return (moved.0, [moved.1, moved.2])
  }
}

extension Tensor {
  /// A function of the values of four tensors of one shape, giving three.
  fileprivate func elementwise(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, _ body: @Sendable (Float, Float, Float, Float) -> (Float, Float, Float)
  ) -> (Tensor, Tensor, Tensor) {
    let results = (0..<3).map { _ in Tensor.unset(shape) }
    withValues { x in
      a.withValues { a in
        b.withValues { b in
          c.withValues { c in
            results[0].withUnsafeMutableValues { first in
              results[1].withUnsafeMutableValues { second in
                results[2].withUnsafeMutableValues { third in
                  nonisolated(unsafe) let (x, a, b, c) = (x, a, b, c)
                  nonisolated(unsafe) let (first, second, third) = (first, second, third)
                  Parallel.forRanges(x.count, grain: 1 << 14) { range in
                    for i in range { (first[i], second[i], third[i]) = body(x[i], a[i], b[i], c[i]) }
                  }
                }
              }
            }
          }
        }
      }
    }
    return (results[0], results[1], results[2])
  }
}
