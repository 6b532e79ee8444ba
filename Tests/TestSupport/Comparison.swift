import ARPGTensor

extension Tensor {
  /// The largest absolute difference between two tensors of one shape; infinite where the shapes differ or a value is not
  /// a number.
  public func largestDifference(from other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    return zip(values, other.values).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }

  /// The largest absolute value.
  public var largestMagnitude: Float { values.reduce(0) { max($0, abs($1)) } }
}
