extension Tensor {
  /// Adds a vector to every row: `[..., dim]` and `[dim]`.
  public func addingToRows(_ bias: Tensor) -> Tensor {
    withRows(of: bias) { $0 + $1 }.recorded(from: [self, bias]) { [$0, $0.summedRows()] }
  }

  /// Multiplies every row by a vector, element by element: `[..., dim]` and `[dim]`.
  public func multiplyingRows(_ gain: Tensor) -> Tensor {
    withRows(of: gain) { $0 * $1 }.recorded(from: [self, gain]) { gradient in
      [gradient.withRows(of: gain) { $0 * $1 }, gradient.multipliedElementwise(self).summedRows()]
    }
  }

  private func withRows(of vector: Tensor, _ combine: @Sendable (Float, Float) -> Float) -> Tensor {
    precondition(vector.count == lastAxis, "a vector of shape \(vector.shape) does not fit rows of \(shape)")
    let result = Tensor(uninitialized: shape)
    let dim = vector.count
    Parallel.forRanges(count / max(1, dim), grain: rowGrain) { rows in
      let (values, vector, out) = (pointer, vector.pointer, result.mutablePointer)
      for row in rows {
        let start = row * dim
        for index in 0..<dim { out[start + index] = combine(values[start + index], vector[index]) }
      }
    }
    return result
  }

  /// The sum of all rows: `[..., dim]` to `[dim]`; not recorded.
  func summedRows() -> Tensor {
    let dim = lastAxis
    let sum = Tensor(shape: [dim], repeating: 0)
    guard count > 0 else { return sum }
    // Each column is added from the first row to the last, however many threads there are.
    Parallel.forRanges(dim, grain: max(16, 1 << 14 / (count / dim))) { columns in
      for start in stride(from: columns.lowerBound, to: count, by: dim) {
        kernels.add_scaled(pointer + start, 1, sum.mutablePointer + columns.lowerBound, columns.count)
      }
    }
    return sum
  }

  /// The product of two tensors of one shape, element by element; not recorded.
  func multipliedElementwise(_ other: Tensor) -> Tensor {
    combined(with: other) { $0 * $1 }
  }

  /// A function of the values of two tensors of one shape; not recorded.
  func combined(with other: Tensor, _ combine: @Sendable (Float, Float) -> Float) -> Tensor {
    precondition(shape == other.shape, "the shapes \(shape) and \(other.shape) differ")
    let result = Tensor(uninitialized: shape)
    Parallel.forRanges(count, grain: 1 << 14) { range in
      let (left, right, out) = (pointer, other.pointer, result.mutablePointer)
      for index in range { out[index] = combine(left[index], right[index]) }
    }
    return result
  }
}
