import ARPGTensor

/// How often training leaves out class and controls, so that guidance has something to compare with.
public struct ConditionDropping: Sendable, Equatable {
  /// The probability that class and controls are left out together: what two-way guidance needs.
  public var everything: Double
  /// The probability that the class alone is left out.
  public var label: Double
  /// The probability that a control is left out, for each by itself: what three-way guidance needs.
  public var control: Double

  /// Probabilities; see the properties.
  public init(everything: Double = 0.1, label: Double = 0, control: Double = 0) {
    self.everything = everything
    self.label = label
    self.control = control
  }

  /// What one sample keeps of its class and of so many controls.
  package func draw(controls: Int, _ random: inout PhiloxStream) -> (label: Bool, controls: [Bool]) {
    let keepsAny = random.uniform() >= everything
    let label = random.uniform() >= label
    let kept = (0..<controls).map { _ in random.uniform() >= control }
    return (keepsAny && label, kept.map { keepsAny && $0 })
  }
}
