/// More weights than the cache holds, to take matrices from.
final class WeightPool {
  private let count: Int
  private let values: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    values = .allocate(capacity: count)
    for index in 0..<count { values[index] = Float(index &* 2_654_435_761 >> 8 & 1023) / 512 - 1 }
  }

  deinit { values.deallocate() }

  /// A matrix of `size` weights; the ones of neighbouring numbers do not overlap.
  func matrix(_ number: Int, size: Int) -> UnsafePointer<Float> {
    UnsafePointer(values + number % (count / size) * size)
  }

  /// Gigabytes a second of a plain sum over all of it, the best of several.
  func readingRate() -> Double {
    let seconds = (0..<5).map { _ in
      Machine.seconds {
        var sums = (SIMD64<Int32>.zero, SIMD64<Int32>.zero)
        let vectors = UnsafeRawPointer(values).assumingMemoryBound(to: SIMD64<Int32>.self)
        for index in stride(from: 0, to: count / 64 - 1, by: 2) {
          sums.0 &+= vectors[index]
          sums.1 &+= vectors[index + 1]
        }
        Machine.keep((sums.0 &+ sums.1).wrappedSum())
      }
    }
    return Double(4 * count) / (seconds.min() ?? .infinity) / 1e9
  }
}
