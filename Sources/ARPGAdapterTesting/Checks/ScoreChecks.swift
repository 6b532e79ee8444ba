import ARPG
import ARPGTensor

extension AdapterSubject {
  /// The adapter, where it has scores.
  private func scored() throws -> any ScoredAdapter {
    guard let scored = adapter as? any ScoredAdapter else {
      throw NotApplicable("it has no scores: it does not conform to ScoredAdapter")
    }
    return scored
  }

  /// The kit's drawings at the model's size.
  private var drawings: [Image] { (0..<3).map { TestImages.drawing($0, side: example.imageSize) } }

  func checkScoreDescriptions() throws {
    let adapter = try scored(), scores = adapter.scores
    do { try adapter.validateScores() } catch {
      try require(false, found: "'\(error)'", expected: "well-formed scores", "change what it names")
    }
    try require(
      adapter.scores == scores, found: "other scores when asked again", expected: "the same",
      "make them of nothing that changes")
  }

  func checkScoreValues() throws {
    let adapter = try scored(), described = adapter.scores.map(\.name)
    let hostile = TestImages.hostile.map { ($0.name, FittedImage($0.image, to: imageSize).image) }
    let images = drawings.enumerated().map { ("drawing \($0)", $1) } + hostile
    for (number, control) in try elements().enumerated() {
      for (name, image) in images {
        let what = "\(name), against control \(number)"
        let found: [String: Double]
        do { found = try adapter.scores(of: image, following: control, in: context) } catch {
          return try require(
            false, found: "the error '\(error)' for \(what)", expected: "scores", "leave out what cannot be told")
        }
        let strangers = found.keys.filter { !described.contains($0) }.sorted()
        try require(
          strangers.isEmpty, found: "the scores \(strangers.phrase) of \(what)",
          expected: "some of \(described.phrase)",
          "describe them")
        let infinite = found.filter { !$0.value.isFinite }.keys.sorted()
        try require(
          infinite.isEmpty, found: "scores that are infinite or not a number, \(infinite.phrase), of \(what)",
          expected: "finite ones", "leave out what cannot be told; look for a division by zero")
      }
    }
  }

  func checkScorePurity() throws {
    let adapter = try scored(), context = context
    for control in try elements() {
      for image in drawings {
        let first = try adapter.scores(of: image, following: control, in: context)
        // Several at once share whatever the adapter keeps.
        let others = concurrent(4) { try adapter.scores(of: image, following: control, in: context) }
        for other in try others.map({ try $0.get() }) {
          try require(
            other == first, found: "the scores \(first.phrase), then \(other.phrase)", expected: "the same each time",
            "keep nothing between images, and draw no random numbers")
        }
      }
    }
  }

  func checkOwnControl() throws {
    let adapter = try scored()
    guard let trainable = adapter as? any TrainableAdapter else {
      throw NotApplicable("an image does not tell its control: the adapter does not conform to TrainableAdapter")
    }
    for (number, image) in drawings.enumerated() {
      guard let stored = try trainable.control(of: TrainingImage(image: image), in: context)?.image else {
        throw NotApplicable("an image does not tell its control: control(of:in:) gives none")
      }
      let control = try trainable.storedControl(.image(stored), in: context)
      let own = try adapter.scores(of: image, following: control, in: context)
      for (other, image) in drawings.enumerated() where other != number {
        let others = try adapter.scores(of: image, following: control, in: context)
        for score in adapter.scores {
          guard let best = own[score.name], let value = others[score.name] else { continue }
          // What is stored is rounded to 8 bits.
          let isWorse = score.isHigherBetter ? value <= best + 1e-6 : value >= best - 1e-6
          try require(
            isWorse,
            found: "\(score.name) of \(value) for drawing \(other), and \(best) for the one that the control is of",
            expected: "none that is better", "say in ScoreDescriptor which way is better, and compare with the control")
        }
      }
    }
  }
}

extension [String: Double] {
  /// The scores in words, for errors.
  fileprivate var phrase: String { sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.phrase }
}
