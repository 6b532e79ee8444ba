import ARPGTensor

/// Where the sampler's random numbers come from: a function of the image and the position, never of when it is asked.
public protocol RandomSource: Sendable {
  /// The order in which positions are decoded, a permutation of `0..<tokens`, shared by all images.
  func order(tokens: Int) -> [Int]
  /// The number in [0, 1) that decides the code at a raster position of an image.
  func uniform(image: Int, position: Int) -> Double
  /// The numbers in [0, 1) for an order by confidence, where each step draws a code at every open position: that which decides
  /// the code at a raster position of an image in a step, from 0, and that of the noise of its rank.
  func confidence(image: Int, position: Int, step: Int) -> (code: Double, noise: Double)
}

/// Random numbers from a seed, by Philox: an image depends on the seed and its own number alone, and not on the batch it
/// is made in, the number of threads, or the machine.
public struct SeededRandomSource: RandomSource {
  private let generator: Philox

  /// Random numbers for a seed.
  public init(seed: UInt64) {
    generator = Philox(seed: seed)
  }

  /// Positions sorted by a random number each.
  public func order(tokens: Int) -> [Int] {
    let ranks = (0..<tokens).map { position in
      let words = generator.words(at: SIMD4(UInt32(position), 0, 0, RandomPurpose.order.number))
      return (UInt64(words.x) << 32 | UInt64(words.y), position)
    }
    return ranks.sorted { $0 < $1 }.map(\.1)
  }

  /// A number for an image and a position.
  public func uniform(image: Int, position: Int) -> Double {
    generator.uniform(at: Self.counter(image, position, .code))
  }

  /// Numbers for an image and a position in a step, each step with a generator of its own.
  public func confidence(image: Int, position: Int, step: Int) -> (code: Double, noise: Double) {
    let key = generator.words(at: SIMD4(UInt32(step), 0, 0, RandomPurpose.confidence.number))
    let generator = Philox(seed: UInt64(key.x) << 32 | UInt64(key.y))
    return (
      generator.uniform(at: Self.counter(image, position, .code)),
      generator.uniform(at: Self.counter(image, position, .confidence))
    )
  }

  private static func counter(_ image: Int, _ position: Int, _ purpose: RandomPurpose) -> SIMD4<UInt32> {
    let image = UInt64(bitPattern: Int64(image))
    return SIMD4(
      UInt32(position), UInt32(truncatingIfNeeded: image), UInt32(truncatingIfNeeded: image >> 32), purpose.number)
  }
}
