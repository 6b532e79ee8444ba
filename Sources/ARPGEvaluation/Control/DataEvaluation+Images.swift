import ARPG

extension DataEvaluation {
  /// The images of a row.
  ///
  /// - Parameter observe: is told how many tokens were decoded.
  func makeImages(
    _ row: Row, of stored: [StoredImages.Element], observe: (Int) throws -> Void
  ) throws -> [Image] {
    guard row.isGenerated else { return stored.map(\.reconstruction) }
    // Images with a class are conditioned on one more thing than those without.
    var made = [Image?](repeating: nil, count: stored.count)
    var finished = 0
    for hasClass in [true, false] {
      let places = stored.indices.filter { (stored[$0].label != nil) == hasClass }
      guard !places.isEmpty else { continue }
      let images = try generate(row, places.map { stored[$0] }) { try observe(finished + $0) }
      finished += places.count * pipeline.model.layout.tokens
      for (place, image) in zip(places, images) { made[place] = image }
    }
    return made.compactMap { $0 }
  }

  /// Images of stored ones that all have a class or none.
  private func generate(
    _ row: Row, _ stored: [StoredImages.Element], observe: (Int) throws -> Void
  ) throws -> [Image] {
    var controls: [(adapter: String, controls: [PreparedControl])] = []
    let labels = stored.compactMap(\.label)
    if let classes = images.classes, labels.count == stored.count {
      controls.append((classes, try labels.flatMap { try pipeline.preprocess(.text($0), adapter: classes) }))
    }
    for (number, name) in images.names.enumerated() where row == .all || row == .control(name) {
      controls.append((name, stored.map { $0.controls[number] }))
    }
    let prepared = try pipeline.encode(controls)
    return try pipeline.generate(
      prepared, numbers: stored.map(\.index),
      settings: overrides.applied(to: pipeline.model.sampling(for: prepared.active)), seed: seed
    ) { try observe($0.tokensDone) }.map(\.image)
  }
}
