/// The counter-based generator Philox4x32-10: every draw is a function of a key and a counter, with no state.
///
/// Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section 3.3.
public struct Philox: Sendable {
  /// The key.
  public let key: SIMD2<UInt32>

  /// A generator keyed by a seed: its low half, then its high half.
  public init(seed: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// Four random words for a counter.
  public func words(at counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let first = UInt64(0xD251_1F53) * UInt64(counter.x)
      let second = UInt64(0xCD9E_8D57) * UInt64(counter.z)
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
    }
    return counter
  }

  /// A number in [0, 1) with 53 random bits, for a counter.
  public func uniform(at counter: SIMD4<UInt32>) -> Double {
    let words = words(at: counter)
    let bits = UInt64(words.x) << 21 ^ UInt64(words.y) >> 11
    return Double(bits & 0x1F_FFFF_FFFF_FFFF) * 0x1p-53
  }
}
