/// A stream of random numbers of its own: one of the 2⁹⁶ that a ``Philox`` generator has, each with 2³² blocks of four
/// words. What a stream gives depends on the seed and its name alone.
public struct PhiloxStream: RandomNumberGenerator, Sendable {
  private let generator: Philox
  private var counter: SIMD4<UInt32>
  private var words: SIMD4<UInt32> = .zero
  private var taken = 4

  /// The stream of a name: three words that no other use of the generator shares.
  public init(_ generator: Philox, name: SIMD3<UInt32>) {
    self.generator = generator
    counter = SIMD4(0, name.x, name.y, name.z)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if taken == 4 {
      words = generator.words(at: counter)
      counter.x &+= 1
      taken = 0
    }
    defer { taken += 2 }
    return UInt64(words[taken]) << 32 | UInt64(words[taken + 1])
  }

  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
