import ARPGTensor

/// What previews take of the time of a job.
struct PreviewCost {
  /// The most that they may take.
  private static let mostShare = 0.2
  private let begun = ContinuousClock.now
  private var spent = 0.0, last = 0.0

  /// Whether one more would take no more than its share; the first is always made, since nobody knows what it takes.
  var isCheap: Bool { spent == 0 || spent + last <= Self.mostShare * begun.duration(to: .now).seconds }

  /// Makes previews, and notes what they took.
  mutating func measure(_ make: () throws -> Void) rethrows {
    let begun = ContinuousClock.now
    try make()
    last = begun.duration(to: .now).seconds
    spent += last
  }
}
