/// Reads little-endian values from bytes one after another; nil where there are not enough left.
package struct ByteCursor {
  package let bytes: UnsafeRawBufferPointer
  package private(set) var position: Int

  package init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    self.bytes = bytes
    self.position = min(max(position, 0), bytes.count)
  }

  /// The number of bytes left.
  package var remaining: Int { bytes.count - position }

  package mutating func next<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
    take(MemoryLayout<Value>.size).flatMap { ByteReader(bytes).integer(at: $0.lowerBound) }
  }

  /// Passes a number of bytes and gives their place.
  package mutating func take(_ count: Int) -> Range<Int>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return position..<position + count
  }

  /// Passes the bytes up to and with a line feed, and gives the place of those before it: at most `maxBytes`.
  package mutating func takeLine(maxBytes: Int) -> Range<Int>? {
    guard let end = bytes[position...].prefix(maxBytes + 1).firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { position = end + 1 }
    return position..<end
  }

  /// The text at a place; nil where it is not UTF-8.
  package func text(_ range: Range<Int>) -> String? { String(validating: bytes[range], as: UTF8.self) }
}
