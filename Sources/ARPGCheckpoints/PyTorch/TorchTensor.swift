/// A storage that a pickle refers to.
struct TorchStorage {
  /// The global that names its type.
  let typeName: String
  /// The type of its values; nil where such are not read.
  let scalarType: ScalarType?
  /// The size of a value.
  let valueBytes: Int
  /// Its name in the archive.
  let key: String
  /// The number of values.
  let count: Int

  /// The size of that many of its values; nil where it overflows.
  func byteCount(_ count: Int) -> Int? {
    let (size, overflow) = count.multipliedReportingOverflow(by: valueBytes)
    return overflow ? nil : size
  }

  /// Whether so many bytes are its values.
  func fills(_ bytes: Range<Int>) -> Bool { byteCount(count) == bytes.count }
}

/// A view of a storage; lengths and distances in values.
struct TorchTensor {
  /// The number of the storage.
  let storage: Int
  /// The global that names the type of its values.
  let typeName: String
  /// The type of its values; nil where such are not read.
  let type: ScalarType?
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// Whether each value is the negative of what is stored.
  let isNegated: Bool
}
