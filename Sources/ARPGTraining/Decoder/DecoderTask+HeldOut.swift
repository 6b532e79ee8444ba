import ARPG
import ARPGTensor

extension DecoderTask {
  /// The mean cross-entropy a token on held-out images, which have their class where they have one: without controls
  /// (`none`), with each adapter's alone and, of several adapters, with all (`all`), stored controls as they are. Always the
  /// same images in the same orders. Empty without held-out data.
  public func heldOutLosses(_ parameters: [String: Tensor], seed: UInt64) throws -> [String: Double] {
    guard let heldOut else { return [:] }
    let names = adapters.map(\.adapter.descriptor.name)
    var combinations = [("none", names.map { _ in false })] + names.map { name in (name, names.map { $0 == name }) }
    if names.count > 1 { combinations.append(("all", names.map { _ in true })) }
    var losses: [String: Double] = [:]
    for (name, controls) in combinations {
      losses.merge(
        try heldOut.means { [name: try heldOutLoss($0, controls, parameters, heldOut.data, seed: seed)] }
      ) { $1 }
    }
    return losses
  }

  /// The sum of the losses of some of the images that are looked at.
  private func heldOutLoss(
    _ samples: [(place: Int, index: Int)], _ controls: [Bool], _ parameters: [String: Tensor], _ data: TrainingData,
    seed: UInt64
  ) throws -> Double {
    let rows = try samples.map { place, index in
      var random = PhiloxStream(Philox(seed: seed), name: SIMD3(UInt32(place), 0, RandomPurpose.heldOutOrder.number))
      return try row(
        data.sample(index) { _ in 0 }, at: index, of: data, order: order(&random), label: true, controls: controls)
    }
    return Double(try loss(of: rows, parameters).scalar) * Double(samples.count)
  }
}
