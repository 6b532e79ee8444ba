/// How a family applies classifier-free guidance, beyond the formula that all share.
public struct GuidanceConvention: Sendable, Equatable {
  /// Whether a step's own codes count as decoded when the scale grows with progress.
  public var countsOwnStep: Bool
  /// Whether known codes count as decoded then.
  public var countsKnownCodes: Bool
  /// Whether there is no guidance at all for scales of 1 and below; otherwise only for 1.
  public var isOffBelowOne: Bool

  /// A convention; see the properties.
  public init(countsOwnStep: Bool, countsKnownCodes: Bool, isOffBelowOne: Bool) {
    self.countsOwnStep = countsOwnStep
    self.countsKnownCodes = countsKnownCodes
    self.isOffBelowOne = isOffBelowOne
  }
}
