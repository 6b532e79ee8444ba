/// Big-endian or little-endian numbers in bytes, nil beyond the end.
struct ByteReader {
  let bytes: ArraySlice<UInt8>
  var isLittleEndian = false

  func byte(_ offset: Int) -> Int? {
    guard offset >= 0, offset < bytes.count else { return nil }
    return Int(bytes[bytes.startIndex + offset])
  }

  func short(_ offset: Int) -> Int? {
    guard let first = byte(offset), let second = byte(offset + 1) else { return nil }
    return isLittleEndian ? second << 8 | first : first << 8 | second
  }

  func long(_ offset: Int) -> Int? {
    guard let first = short(offset), let second = short(offset + 2) else { return nil }
    return isLittleEndian ? second << 16 | first : first << 16 | second
  }
}
