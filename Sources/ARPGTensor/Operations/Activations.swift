import Foundation

extension Tensor {
  /// `silu(x) · other`, the gate of SwiGLU, both of one shape.
  ///
  /// Source: Shazeer, arXiv 2002.05202.
  public func siluMultiply(_ other: Tensor) -> Tensor {
    let span = TimeByPart.begin(.norms)
    defer { span.end() }
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
    activated({ kernels.silu($0, $1, $2) }) { x, gradient, slope, count in
      for index in 0..<count {
        let sigmoid = 1 / (1 + exp(-x[index]))
        slope[index] = gradient[index] * sigmoid * (1 + x[index] * (1 - sigmoid))
      }
    }
  }

  /// The larger of each value and zero.
  public func relu() -> Tensor {
    map { max($0, 0) }.recorded(from: [self]) { gradient in [combined(with: gradient) { $0 > 0 ? $1 : 0 }] }
  }

  /// GELU by its tanh approximation.
  ///
  /// Source: Hendrycks and Gimpel, arXiv 1606.08415, section 2.
  public func geluTanh() -> Tensor {
    activated({ kernels.gelu_tanh($0, $1, $2) }) { kernels.gelu_tanh_gradient($0, $1, $2, $3) }
  }

  /// GELU by the normal distribution: `x · Φ(x)`, to 1e-7.
  public func gelu() -> Tensor {
    activated({ kernels.gelu($0, $1, $2) }) { kernels.gelu_gradient($0, $1, $2, $3) }
  }

  /// A function of each value: `kernel` writes it, `slope` multiplies gradients by its derivative.
  private func activated(
    _ kernel: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void,
    slope: @escaping @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Tensor {
    let span = TimeByPart.begin(.norms)
    defer { span.end() }
    let result = Tensor(uninitialized: shape)
    Parallel.forRanges(count, grain: 1 << 14) { range in
      kernel(pointer + range.lowerBound, result.mutablePointer + range.lowerBound, range.count)
    }
    return result.recorded(from: [self]) { gradient in
      let slopes = Tensor(uninitialized: shape)
      Parallel.forRanges(count, grain: 1 << 14) { range in
        let start = range.lowerBound
        slope(pointer + start, gradient.pointer + start, slopes.mutablePointer + start, range.count)
      }
      return [slopes]
    }
  }
}
