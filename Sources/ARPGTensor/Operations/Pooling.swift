extension Tensor {
  /// The largest of each two by two pixels: `[batch, channels, height, width]` to half the sides, rounded down. A gradient
  /// goes to the first of equal ones.
  public func maxPooled() -> Tensor {
    precondition(shape.count == 4, "the shape \(shape) is not [batch, channels, height, width]")
    let width = shape[3], rows = shape[2] / 2, columns = shape[3] / 2
    let pooled = Tensor(uninitialized: [shape[0], shape[1], rows, columns])
    let area = shape[2] * width, planes = shape[0] * shape[1]
    Parallel.forRanges(planes, grain: 8) { range in
      for index in range.lowerBound * rows * columns..<range.upperBound * rows * columns {
        pooled.mutablePointer[index] = pointer[largest(of: index, area: area, rows: rows, columns: columns)]
      }
    }
    return pooled.recorded(from: [self]) { gradient in
      let slope = Tensor(shape: shape, repeating: 0)
      for index in 0..<gradient.count {
        slope.mutablePointer[largest(of: index, area: area, rows: rows, columns: columns)] = gradient.pointer[index]
      }
      return [slope]
    }
  }

  /// The place of the largest of the pixels that a pooled one stands for.
  private func largest(of pooled: Int, area: Int, rows: Int, columns: Int) -> Int {
    let (line, column) = pooled.quotientAndRemainder(dividingBy: columns)
    let (plane, row) = line.quotientAndRemainder(dividingBy: rows)
    let width = shape[3], corner = plane * area + 2 * row * width + 2 * column
    return [corner + 1, corner + width, corner + width + 1].reduce(corner) { pointer[$1] > pointer[$0] ? $1 : $0 }
  }

  /// The mean of all values, a scalar.
  public func mean() -> Tensor {
    let total = withValues { $0.reduce(0.0) { $0 + Double($1) } }, size = Double(Swift.max(1, count))
    return Tensor(shape: [], values: [Float(total / size)]).recorded(from: [self]) {
      [Tensor(shape: shape, repeating: $0.scalar / Float(size))]
    }
  }
}
