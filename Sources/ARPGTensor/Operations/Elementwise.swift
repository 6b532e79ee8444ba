extension Tensor {
  /// The sum of two tensors of one shape.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    left.adding(right, scale: 1)
  }

  /// `self + scale * other`, both of one shape.
  public func adding(_ other: Tensor, scale: Float) -> Tensor {
    let span = TimeByPart.begin(.norms)
    defer { span.end() }
    precondition(shape == other.shape, "cannot add the shapes \(shape) and \(other.shape)")
    let sum = Tensor(uninitialized: shape)
    Parallel.forRanges(count, grain: 1 << 16) { range in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 12) {
        let length = min(1 << 12, range.upperBound - start)
        (sum.mutablePointer + start).initialize(from: pointer + start, count: length)
        kernels.add_scaled(other.pointer + start, scale, sum.mutablePointer + start, length)
      }
    }
    return sum.recorded(from: [self, other]) { [$0, scale == 1 ? $0 : $0.scaled(by: scale)] }
  }

  /// Adds `scale * other`: in place where nobody else holds the values, otherwise into a new tensor. Not recorded.
  package mutating func add(_ other: Tensor, scale: Float = 1) {
    precondition(shape == other.shape, "cannot add the shapes \(shape) and \(other.shape)")
    guard isKnownUniquelyReferenced(&storage), storage.isOwned else {
      self = detached().adding(other.detached(), scale: scale)
      return
    }
    let sum = self
    Parallel.forRanges(count, grain: 1 << 16) { range in
      let start = range.lowerBound
      kernels.add_scaled(other.pointer + start, scale, sum.mutablePointer + start, range.count)
    }
  }

  /// Every value times a number.
  public func scaled(by factor: Float) -> Tensor {
    map { $0 * factor }.recorded(from: [self]) { [$0.scaled(by: factor)] }
  }

  /// The same values in another shape of as many.
  public func reshaped(_ shape: Int...) -> Tensor { reshaped(shape) }

  /// The same values in another shape of as many.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) cannot take the shape \(shape)")
    let original = self.shape
    return Tensor(shape: shape, storage: storage, offset: offset).recorded(from: [self]) { [$0.reshaped(original)] }
  }

  /// A tensor with a function of each value; not differentiable by itself.
  func map(_ function: @Sendable (Float) -> Float) -> Tensor {
    let result = Tensor(uninitialized: shape)
    Parallel.forRanges(count, grain: 1 << 15) { range in
      let (values, out) = (pointer, result.mutablePointer)
      for index in range { out[index] = function(values[index]) }
    }
    return result
  }
}
