/// Where in a file the values of a tensor stand. Made only where all of them are inside the file.
struct StoredTensor: Sendable {
  let type: ScalarType
  let shape: [Int]
  /// The number of values.
  let count: Int
  /// The distance between neighbours along each axis, in values; nil where they stand row by row without gaps.
  let strides: [Int]?
  /// The place of the first value in the file.
  let start: Int
  /// The number of the file it stands in, where a checkpoint has several.
  var file = 0
  /// Whether each value is the negative of what stands there.
  let isNegated: Bool

  /// The most values of a view that repeats those of its storage.
  private static let maxRepeated = 1 << 26

  /// A tensor that fills some bytes, row by row.
  init?(type: ScalarType, shape: [Int], filling bytes: Range<Int>) {
    guard let count = Self.count(shape), bytes.count.isMultiple(of: type.byteCount),
      count == bytes.count / type.byteCount
    else { return nil }
    self.type = type
    self.shape = shape
    self.count = count
    strides = nil
    start = bytes.lowerBound
    isNegated = false
  }

  /// A view of a storage: value `[i, j, ...]` is number `offset + i * strides[0] + j * strides[1] + ...` of it. Axes
  /// may overlap or repeat values. Nil where a value lies outside, or where so many are repeated that reading could fill the memory.
  init?(
    type: ScalarType, shape: [Int], strides: [Int], offset: Int, isNegated: Bool = false, storage bytes: Range<Int>
  ) {
    let stored = bytes.count / type.byteCount
    guard shape.count == strides.count, strides.allSatisfy({ $0 >= 0 }), offset >= 0,
      let count = Self.count(shape), count <= max(stored, Self.maxRepeated)
    else { return nil }
    if count > 0 {
      var last = offset
      for (length, stride) in zip(shape, strides) {
        let (span, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
        let (sum, carry) = last.addingReportingOverflow(span)
        guard !overflow, !carry else { return nil }
        last = sum
      }
      guard last < stored else { return nil }
    }
    self.type = type
    self.shape = shape
    self.count = count
    self.isNegated = isNegated
    self.strides = count == 0 || Self.isRowMajor(shape, strides) ? nil : strides
    start = count == 0 ? bytes.lowerBound : bytes.lowerBound + offset * type.byteCount
  }

  /// The product of the lengths; nil where one is negative, or those that are not 0 overflow.
  static func count(_ shape: [Int]) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    var count = 1
    for length in shape where length > 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      count = product
    }
    return shape.contains(0) ? 0 : count
  }

  private static func isRowMajor(_ shape: [Int], _ strides: [Int]) -> Bool {
    var expected = 1
    for (length, stride) in zip(shape, strides).reversed() where length != 1 {
      guard stride == expected else { return false }
      expected *= length
    }
    return true
  }
}
