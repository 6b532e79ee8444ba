import ARPGTensor

/// A hash that tells whether two things are the same: 128 bits in hexadecimal. It is no proof against somebody who looks for two
/// things with one hash.
///
/// Words of 64 bits are mixed into two lanes as in FNV-1a (Fowler, Noll and Vo), with rotations; the end is that of MurmurHash3
/// (Appleby, 2011).
public struct Fingerprint: Sendable {
  private var lanes: (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4)
  private var count: UInt64 = 0

  /// The hash of nothing yet.
  public init() {}

  /// Adds bytes, and their number.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    // In a variable of its own, which stays in registers.
    var state = self
    let whole = bytes.count / 8 * 8
    var index = 0
    while index < whole {
      state.add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index += 8
    }
    var rest: UInt64 = 0
    for (place, byte) in bytes[whole...].enumerated() { rest |= UInt64(byte) << UInt64(8 * place) }
    state.add(rest)
    state.add(UInt64(bytes.count))
    self = state
  }

  /// Adds a text.
  public mutating func add(_ text: String) { Array(text.utf8).withUnsafeBytes { add($0) } }

  /// Adds the name, shape and values of a tensor.
  public mutating func add(_ name: String, _ tensor: Tensor) {
    add(name)
    add("\(tensor.shape)")
    tensor.withValues { add(UnsafeRawBufferPointer($0)) }
  }

  /// The hash so far.
  public var text: String {
    func end(_ lane: UInt64) -> String {
      var value = lane ^ count
      value = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
      value = (value ^ value >> 33) &* 0xC4CE_B9FE_1A85_EC53
      value ^= value >> 33
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return end(lanes.0) + end(lanes.1)
  }

  @inline(__always) private mutating func add(_ word: UInt64) {
    count &+= 1
    lanes.0 = (lanes.0 ^ word) &* 0x100_0000_01B3
    lanes.0 ^= lanes.0 >> 29
    lanes.1 = (lanes.1 ^ (word << 32 | word >> 32)) &* 0x9E37_79B9_7F4A_7C15
    lanes.1 ^= lanes.1 >> 31
  }
}
