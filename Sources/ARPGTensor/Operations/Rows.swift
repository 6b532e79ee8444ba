extension Tensor {
  /// Rows of a table, in the order given, with repetition: `[rows, dim]` to `[indices, dim]`.
  public func selectingRows(_ indices: [Int]) -> Tensor {
    precondition(shape.count == 2, "rows are selected from a table, not from the shape \(shape)")
    let rows = shape[0], dim = shape[1]
    let result = Tensor(uninitialized: [indices.count, dim])
    for (target, index) in indices.enumerated() {
      precondition(0..<rows ~= index, "row \(index) is not one of \(rows)")
      (result.mutablePointer + target * dim).initialize(from: pointer + index * dim, count: dim)
    }
    return result.recorded(from: [self]) { gradient in
      let sum = Tensor(shape: [rows, dim], repeating: 0)
      for (source, index) in indices.enumerated() {
        kernels.add_scaled(gradient.pointer + source * dim, 1, sum.mutablePointer + index * dim, dim)
      }
      return [sum]
    }
  }

  /// Joins two tensors along their middle axis: `[batch, n, dim]` and `[batch, m, dim]` to `[batch, n + m, dim]`.
  public func joined(with other: Tensor) -> Tensor {
    precondition(
      shape.count == 3 && other.shape.count == 3 && shape[0] == other.shape[0] && shape[2] == other.shape[2],
      "the shapes \(shape) and \(other.shape) cannot be joined")
    let batch = shape[0]
    let left = shape[1] * shape[2], right = other.shape[1] * shape[2]
    let result = Tensor(uninitialized: [batch, shape[1] + other.shape[1], shape[2]])
    for row in 0..<batch {
      let start = result.mutablePointer + row * (left + right)
      start.initialize(from: pointer + row * left, count: left)
      (start + left).initialize(from: other.pointer + row * right, count: right)
    }
    return result.recorded(from: [self, other]) { gradient in
      let lefts = Tensor(uninitialized: self.shape), rights = Tensor(uninitialized: other.shape)
      for row in 0..<batch {
        let start = gradient.pointer + row * (left + right)
        (lefts.mutablePointer + row * left).initialize(from: start, count: left)
        (rights.mutablePointer + row * right).initialize(from: start + left, count: right)
      }
      return [lefts, rights]
    }
  }

  /// A range of the outermost axis, without copying.
  public func slice(_ range: Range<Int>) -> Tensor {
    precondition(
      shape.count >= 1 && range.lowerBound >= 0 && range.upperBound <= shape[0], "\(range) is not in \(shape)")
    let row = count / max(1, shape[0])
    let start = range.lowerBound * row
    let part = Tensor(shape: [range.count] + shape.dropFirst(), storage: storage, offset: offset + start)
    return part.recorded(from: [self]) { gradient in
      let whole = Tensor(shape: self.shape, repeating: 0)
      (whole.mutablePointer + start).update(from: gradient.pointer, count: gradient.count)
      return [whole]
    }
  }
}
