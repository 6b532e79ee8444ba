import ARPGFiles

/// An array of integers in NumPy's format (NEP 1), versions 1 to 3.
public struct NPYFile: Sendable, Equatable {
  /// The types of integers that are written.
  public enum Width: String, Sendable {
    /// 32-bit integers.
    case int32 = "<i4"
    /// 64-bit integers.
    case int64 = "<i8"
  }

  /// The length of each axis.
  public let shape: [Int]
  /// The values in row-major order.
  public let values: [Int]

  /// An array. Traps where the number of values is not the product of `shape`.
  public init(shape: [Int], values: [Int]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && values.count == shape.reduce(1, *),
      "\(values.count) values do not fill the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// Reads an array of signed or unsigned integers of 8 to 32 bits, or signed ones of 64.
  ///
  /// - Throws: ``/ARPGFiles/FileError``, also where the file is larger than `maxBytes` bytes, or ``NPYError``.
  public init(contentsOf path: String, maxBytes: Int = .max) throws {
    let file = try MappedFile(path, maxBytes: maxBytes)
    (shape, values) = try file.withBytes { bytes in
      let header = try NPYHeader(bytes, path: path)
      let place = header.values
      let values: [Int] =
        switch header.type {
        case .int64: Self.read(bytes[place], as: Int64.self)
        case .int32: Self.read(bytes[place], as: Int32.self)
        case .int16: Self.read(bytes[place], as: Int16.self)
        case .int8: Self.read(bytes[place], as: Int8.self)
        case .uint32: Self.read(bytes[place], as: UInt32.self)
        case .uint16: Self.read(bytes[place], as: UInt16.self)
        default: Self.read(bytes[place], as: UInt8.self)
        }
      return (header.shape, values)
    }
  }

  private static func read<Value: FixedWidthInteger>(
    _ slice: Slice<UnsafeRawBufferPointer>, as _: Value.Type
  ) -> [Int] {
    let bytes = UnsafeRawBufferPointer(rebasing: slice)
    return stride(from: 0, to: bytes.count, by: MemoryLayout<Value>.size).map {
      Int(Value(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Value.self)))
    }
  }

  /// Writes the array: whole, or not at all.
  ///
  /// - Throws: ``/ARPGFiles/FileError/unwritable(path:reason:)``, or ``NPYError`` where a value does not fit the width.
  public func write(to path: String, as width: Width = .int64) throws {
    if width == .int32, let value = values.first(where: { Int32(exactly: $0) == nil }) {
      throw NPYError(path: path, found: "the value \(value)", expected: "values of 32 bits; write 64-bit integers")
    }
    let lengths = shape.map { "\($0)," }.joined(separator: " ")
    let text = "{'descr': '\(width.rawValue)', 'fortran_order': False, 'shape': (\(lengths)), }"
    // The values begin at a multiple of 64 bytes, a line feed before them.
    let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
    let header = text + String(repeating: " ", count: padding) + "\n"
    try AtomicFile.write(to: path) { file in
      try file.append(NPYHeader.magic + [1, 0])
      try file.append(withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian, Array.init))
      try file.append(header.utf8)
      switch width {
      case .int32: try values.map { Int32($0).littleEndian }.withUnsafeBytes { try file.append($0) }
      case .int64: try values.map { Int64($0).littleEndian }.withUnsafeBytes { try file.append($0) }
      }
    }
  }
}

/// A file that is not an array as expected.
public struct NPYError: Error, CustomStringConvertible, Equatable {
  /// The file.
  public let path: String
  /// What it has.
  public let found: String
  /// What it should have.
  public let expected: String

  /// An error; see the properties.
  public init(path: String, found: String, expected: String) {
    self.path = path
    self.found = found
    self.expected = expected
  }

  /// The file, what was found and what was expected.
  public var description: String { "\(path): \(found); expected \(expected)" }
}
