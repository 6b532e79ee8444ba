import ARPGTensor

/// A place in endlessly repeated data: how many times all of it was seen, and how many samples since.
package struct DataPosition: Sendable, Equatable {
  /// The number of times that all of the data was seen.
  package var epoch: Int
  /// The number of samples that were seen since.
  package var index: Int

  /// A place; the beginning unless told otherwise.
  package init(epoch: Int = 0, index: Int = 0) {
    self.epoch = epoch
    self.index = index
  }
}

/// The order in which samples are seen: another permutation in each epoch, a function of the seed and the epoch alone.
struct DataOrder: Sendable {
  let count: Int
  let seed: UInt64
  private var shuffled: (epoch: Int, order: [Int])?

  init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  /// The next samples, over the end of an epoch where need be; moves the position behind them.
  mutating func next(_ number: Int, from position: inout DataPosition) -> [Int] {
    var samples: [Int] = []
    while samples.count < number {
      if position.index >= count { position = DataPosition(epoch: position.epoch + 1) }
      let order = order(epoch: position.epoch)
      let end = min(count, position.index + number - samples.count)
      samples += order[position.index..<end]
      position.index = end
    }
    return samples
  }

  private mutating func order(epoch: Int) -> [Int] {
    if let shuffled, shuffled.epoch == epoch { return shuffled.order }
    let order = Self.permutation(count, seed: seed, epoch: epoch)
    shuffled = (epoch, order)
    return order
  }

  /// The samples sorted by a random number each.
  static func permutation(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var stream = PhiloxStream(
      Philox(seed: seed), name: SIMD3(UInt32(truncatingIfNeeded: epoch), 0, RandomPurpose.shuffle.number))
    return stream.permutation(count)
  }
}

extension PhiloxStream {
  /// A permutation of `0..<count`.
  mutating func permutation(_ count: Int) -> [Int] {
    (0..<count).map { (next(), $0) }.sorted { $0 < $1 }.map(\.1)
  }
}
