import ARPG
import ARPGTensor

/// Data that a decoder is not trained on.
package struct HeldOutData: Sendable {
  /// The data.
  package let data: TrainingData
  /// How many of its images are looked at, spread over all.
  package let count: Int

  /// Data; see the properties. Traps where the count is under 1.
  package init(_ data: TrainingData, count: Int = 256) {
    precondition(count > 0, "\(count) images tell nothing")
    self.data = data
    self.count = count
  }
}

extension DecoderTask {
  /// The mean cross-entropy a token on held-out images, which have their class where they have one: without controls
  /// (`none`), with each adapter's alone and, of several adapters, with all (`all`), stored controls as they are. Always the
  /// same images in the same orders. Empty without held-out data.
  public func heldOutLosses(_ parameters: [String: Tensor], seed: UInt64) throws -> [String: Double] {
    guard let heldOut else { return [:] }
    let count = min(heldOut.count, heldOut.data.count)
    let names = adapters.map(\.adapter.descriptor.name)
    var combinations = [("none", names.map { _ in false })] + names.map { name in (name, names.map { $0 == name }) }
    if names.count > 1 { combinations.append(("all", names.map { _ in true })) }
    var losses: [String: Double] = [:]
    for (name, controls) in combinations {
      var total = 0.0
      for start in stride(from: 0, to: count, by: Self.heldOutBatch) {
        let places = start..<min(start + Self.heldOutBatch, count)
        let slices = min(places.count, Parallel.threads)
        let sums = Parallel.map(slices) { slice in
          Result {
            try heldOutLoss(
              start + places.count * slice / slices..<start + places.count * (slice + 1) / slices, of: count, controls,
              parameters, heldOut.data, seed: seed)
          }
        }
        for sum in sums { total += try sum.get() }
      }
      losses[name] = total / Double(count)
    }
    return losses
  }

  private static var heldOutBatch: Int { 16 }

  /// The sum of the losses of some of the images that are looked at.
  private func heldOutLoss(
    _ places: Range<Int>, of count: Int, _ controls: [Bool], _ parameters: [String: Tensor], _ data: TrainingData,
    seed: UInt64
  ) throws -> Double {
    let rows = try places.map { place in
      var random = PhiloxStream(Philox(seed: seed), name: SIMD3(UInt32(place), 0, RandomPurpose.heldOutOrder.number))
      let index = place * data.count / count
      return try row(
        data.sample(index) { _ in 0 }, at: index, of: data, order: order(&random), label: true, controls: controls)
    }
    return Double(try loss(of: rows, parameters).scalar) * Double(places.count)
  }
}
