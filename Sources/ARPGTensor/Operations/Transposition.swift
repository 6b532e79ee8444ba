extension Tensor {
  /// Exchanges the last two axes: `[batch, rows, columns]` to `[batch, columns, rows]`.
  public func transposed() -> Tensor {
    precondition(shape.count == 3, "\(shape) is not a batch of matrices")
    let rows = shape[1], columns = shape[2]
    let result = Tensor(uninitialized: [shape[0], columns, rows])
    for start in stride(from: 0, to: count, by: max(1, rows * columns)) {
      let source = pointer + start, target = result.mutablePointer + start
      for row in 0..<rows {
        for column in 0..<columns { target[column * rows + row] = source[row * columns + column] }
      }
    }
    return result.recorded(from: [self]) { [$0.transposed()] }
  }

  /// Scales every row to unit length; rows of zeros, or shorter than 1e-12, stay short. `[..., dim]`.
  public func normalizedRows() -> Tensor {
    let dim = lastAxis
    let result = Tensor(uninitialized: shape)
    let lengths = stride(from: 0, to: count, by: max(1, dim)).map { start in
      var square: Float = 0
      for i in start..<start + dim { square += pointer[i] * pointer[i] }
      let length = max(square.squareRoot(), 1e-12)
      for i in start..<start + dim { result.mutablePointer[i] = pointer[i] / length }
      return length
    }
    return result.recorded(from: [self]) { gradient in
      let slope = Tensor(uninitialized: result.shape)
      for (row, length) in lengths.enumerated() {
        let y = result.pointer + row * dim, dy = gradient.pointer + row * dim, dx = slope.mutablePointer + row * dim
        var projection: Float = 0
        if length > 1e-12 { for i in 0..<dim { projection += y[i] * dy[i] } }
        for i in 0..<dim { dx[i] = (dy[i] - y[i] * projection) / length }
      }
      return [slope]
    }
  }
}
