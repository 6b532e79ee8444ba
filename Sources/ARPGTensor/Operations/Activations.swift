import Foundation

extension Tensor {
  /// `silu(x) · other`, the gate of SwiGLU, both of one shape.
  ///
  /// Source: Shazeer, arXiv 2002.05202.
  public func siluMultiply(_ other: Tensor) -> Tensor {
    precondition(shape == other.shape, "the shapes \(shape) and \(other.shape) differ")
    let result = Tensor(uninitialized: shape)
    Parallel.forRanges(count, grain: 1 << 14) { range in
      let start = range.lowerBound
      kernels.silu_multiply(pointer + start, other.pointer + start, result.mutablePointer + start, range.count)
    }
    return result.recorded(from: [self, other]) { gradient in
      let left = Tensor(uninitialized: shape), right = Tensor(uninitialized: shape)
      Parallel.forRanges(count, grain: 1 << 14) { range in
        let start = range.lowerBound
        kernels.silu_multiply_gradient(
          pointer + start, other.pointer + start, gradient.pointer + start, left.mutablePointer + start,
          right.mutablePointer + start, range.count)
      }
      return [left, right]
    }
  }

  /// `x · sigmoid(x)`.
  public func silu() -> Tensor {
    activated({ kernels.silu($0, $1, $2) }) { x in
      let sigmoid = 1 / (1 + exp(-x))
      return sigmoid * (1 + x * (1 - sigmoid))
    }
  }

  /// GELU by its tanh approximation.
  ///
  /// Source: Hendrycks and Gimpel, arXiv 1606.08415, section 2.
  public func geluTanh() -> Tensor {
    activated({ kernels.gelu_tanh($0, $1, $2) }) { x in
      let root: Float = 0.797_884_560_8
      let tangent = tanh(root * (x + 0.044715 * x * x * x))
      return 0.5 * (1 + tangent) + 0.5 * x * (1 - tangent * tangent) * root * (1 + 3 * 0.044715 * x * x)
    }
  }

  /// GELU by the error function, exact: `x · Φ(x)`.
  public func gelu() -> Tensor {
    activated({ x, y, count in
      guard let x, let y else { return }
      for index in 0..<count { y[index] = 0.5 * x[index] * (1 + erff(x[index] * 0.707_106_781_2)) }
    }) { x in
      0.5 * (1 + erff(x * 0.707_106_781_2)) + x * 0.398_942_280_4 * exp(-0.5 * x * x)
    }
  }

  private func activated(
    _ kernel: @Sendable (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void,
    slope: @escaping @Sendable (Float) -> Float
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    Parallel.forRanges(count, grain: 1 << 14) { range in
      kernel(pointer + range.lowerBound, result.mutablePointer + range.lowerBound, range.count)
    }
    return result.recorded(from: [self]) { gradient in
      [self.combined(with: gradient) { x, dy in dy * slope(x) }]
    }
  }
}
