import ARPG
import ARPGTensor

/// Data whose samples have names, so that some of them can be held out. All crops and mirror images of an image are one
/// sample.
package protocol NamedSamples: Sendable {
  /// The folder.
  var root: String { get }
  /// The number of samples.
  var count: Int { get }
  /// The samples of some names alone, which are relative to the folder.
  func filtered(_ isIncluded: (_ name: String) -> Bool) -> Self
}

extension NamedSamples {
  /// The samples that are left to train on, and a share of all that is held out.
  ///
  /// A sample keeps its side whatever other samples there are, and what a share holds out, a larger one does too: each has a
  /// random number by its name and the seed, and those below the share are held out.
  func holdingOut(_ share: Double, seed: UInt64) -> (trained: Self, heldOut: Self) {
    func isHeldOut(_ name: String) -> Bool {
      var hash = Fingerprint()
      hash.add(name)
      let word = UInt64(hash.text.prefix(16), radix: 16) ?? 0
      var random = PhiloxStream(
        Philox(seed: seed),
        name: SIMD3(
          UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32), RandomPurpose.heldOut.number))
      return random.uniform() < share
    }
    return (filtered { !isHeldOut($0) }, filtered(isHeldOut))
  }
}

/// Data that is not trained on.
package struct HeldOutData<Data: NamedSamples>: Sendable {
  /// The data.
  package let data: Data
  /// Which of its samples are looked at, spread over all.
  package let indices: [Int]

  /// Data, and how many of its samples are looked at, at least 1.
  package init(_ data: Data, count: Int = 256) {
    precondition(count > 0, "\(count) samples tell nothing")
    self.data = data
    let looked = min(count, data.count)
    indices = (0..<looked).map { $0 * data.count / looked }
  }

  /// The means of what is measured on each sample that is looked at, a few at a time side by side.
  ///
  /// - Parameter measure: the sums of some measurements over samples, given by their places among those looked at and their
  ///   indices in the data.
  func means(
    _ measure: @Sendable (_ samples: [(place: Int, index: Int)]) throws -> [String: Double]
  ) throws -> [String: Double] {
    // As many slices whatever the threads are, so that sums are too.
    let batch = 16, mostSlices = 4
    var totals: [String: Double] = [:]
    for start in stride(from: 0, to: indices.count, by: batch) {
      let places = Array(start..<min(start + batch, indices.count))
      let slices = min(places.count, mostSlices)
      let sums = Parallel.map(slices) { slice in
        Result {
          try measure(
            places[places.count * slice / slices..<places.count * (slice + 1) / slices].map { ($0, indices[$0]) })
        }
      }
      for sum in sums { totals.merge(try sum.get(), uniquingKeysWith: +) }
    }
    return totals.mapValues { $0 / Double(indices.count) }
  }
}
