/// Reads whole numbers at any place of some bytes; nil where they are not all there.
package struct ByteReader<Bytes: RandomAccessCollection<UInt8>> where Bytes.Index == Int {
  /// The bytes; offsets count from the first of them.
  package let bytes: Bytes
  /// Whether the most significant byte of a number comes first.
  package var isBigEndian: Bool

  package init(_ bytes: Bytes, isBigEndian: Bool = false) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  /// The number whose first byte is at an offset.
  package func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value? {
    let size = MemoryLayout<Value>.size
    guard offset >= 0, size <= bytes.count - offset else { return nil }
    let first = bytes.startIndex + offset
    var value: Value = 0
    for place in 0..<size {
      let byte = Value(truncatingIfNeeded: bytes[first + place])
      value |= byte << Value(truncatingIfNeeded: 8 * (isBigEndian ? size - 1 - place : place))
    }
    return value
  }

  /// The byte at an offset.
  package func byte(_ offset: Int) -> Int? { integer(UInt8.self, at: offset).map(Int.init) }

  /// The number of two bytes at an offset.
  package func short(_ offset: Int) -> Int? { integer(UInt16.self, at: offset).map(Int.init) }

  /// The number of four bytes at an offset.
  package func long(_ offset: Int) -> Int? { integer(UInt32.self, at: offset).map(Int.init) }
}
