/// LZW as GIF has it, for bytes: codes of 9 to 12 bits, the lowest bits first (GIF89a specification, appendix F).
enum LZWEncoder {
  private static let clear = 256, end = 257
  /// One more than the largest code.
  private static let limit = 4096

  /// The compressed bytes, with a clear code in front and an end code behind. In time and memory linear in the bytes.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var output = BitWriter()
    // The code of a known sequence and one byte more; 0 for none.
    var longer = [UInt16](repeating: 0, count: limit * 256)
    var next = end + 1, width = 9
    output.append(clear, bits: width)
    guard var code = bytes.first.map(Int.init) else {
      output.append(end, bits: width)
      return output.finished
    }
    for byte in bytes.dropFirst() {
      let place = code << 8 | Int(byte)
      if longer[place] != 0 {
        code = Int(longer[place])
        continue
      }
      output.append(code, bits: width)
      if next < limit {
        longer[place] = UInt16(next)
        if next == 1 << width { width += 1 }
        next += 1
      } else {
        output.append(clear, bits: width)
        longer.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        (next, width) = (end + 1, 9)
      }
      code = Int(byte)
    }
    output.append(code, bits: width)
    // The reader makes an entry of this code as of any other.
    if next < limit, next == 1 << width { width += 1 }
    output.append(end, bits: width)
    return output.finished
  }

  /// Collects codes of any width in bytes, the lowest bits first.
  private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var count = 0

    mutating func append(_ code: Int, bits: Int) {
      pending |= UInt32(code) << UInt32(count)
      count += bits
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        count -= 8
      }
    }

    /// All bytes, the last filled up with zeros.
    var finished: [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: pending)] : bytes }
  }
}
