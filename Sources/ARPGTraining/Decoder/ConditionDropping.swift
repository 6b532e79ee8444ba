import ARPGTensor

/// How often training leaves out class and controls, so that guidance has something to compare with and each control is
/// learnt by itself.
package struct ConditionDropping: Sendable, Equatable {
  /// The probability that class and controls are left out together: what two-way guidance needs.
  package var everything: Double
  /// The probability that the class alone is left out.
  package var label: Double
  /// The same for samples without a control; nil for `label`.
  package var labelAlone: Double?
  /// The probability that a control is left out, for each by itself: what three-way guidance needs.
  package var control: Double
  /// Which controls samples have together, in place of `control`; nil for that.
  package var mixture: ControlMixture?
  /// The same for samples without a class; nil for `mixture`.
  package var mixtureWithoutClass: ControlMixture?

  /// Probabilities; see the properties.
  package init(
    everything: Double = 0.1, label: Double = 0, labelAlone: Double? = nil, control: Double = 0,
    mixture: ControlMixture? = nil, mixtureWithoutClass: ControlMixture? = nil
  ) {
    self.everything = everything
    self.label = label
    self.labelAlone = labelAlone
    self.control = control
    self.mixture = mixture
    self.mixtureWithoutClass = mixtureWithoutClass
  }

  /// What one sample keeps of its class and of so many controls.
  package func draw(
    controls: Int, hasClass: Bool = true, _ random: inout PhiloxStream
  ) -> (label: Bool, controls: [Bool]) {
    let keepsAny = random.uniform() >= everything
    let labelNumber = random.uniform()
    let mixture = hasClass ? mixture : mixtureWithoutClass ?? mixture
    let kept = mixture?.draw(&random) ?? (0..<controls).map { _ in random.uniform() >= control }
    let label = kept.contains(true) ? label : labelAlone ?? label
    return (keepsAny && labelNumber >= label, kept.map { keepsAny && $0 })
  }
}

/// Which controls samples have together, and how often.
package struct ControlMixture: Sendable, Equatable {
  /// For each combination, which of the adapters have a control.
  private let combinations: [[Bool]]
  /// The share of each combination; together they are 1.
  private let shares: [Double]

  /// A mixture.
  ///
  /// - Parameters:
  ///   - shares: how often each combination occurs, in proportion: the names of adapters with a plus between them, or `none`.
  ///   - adapters: the names of all adapters, in order.
  ///   - setting: the name of the setting, for errors.
  /// - Throws: ``TrainingError/outOfRange(setting:found:expected:)`` for names that are not known, or shares that are none.
  package init(_ shares: [String: Double], adapters: [String], setting: String) throws {
    let sorted = shares.sorted { $0.key < $1.key }
    for (name, share) in sorted {
      try TrainingError.require(0...1e9 ~= share, "\(setting) of \(name)", share, "a share, 0 to 1e9")
    }
    let total = sorted.reduce(0) { $0 + $1.value }
    try TrainingError.require(total > 0, setting, "0 in all", "shares that are not all 0")
    combinations = try sorted.map { name, _ in
      let chosen = name == "none" ? [] : name.split(separator: "+").map(String.init)
      try TrainingError.require(
        name == "none" || !chosen.isEmpty && Set(chosen).count == chosen.count && chosen.allSatisfy(adapters.contains),
        setting, name,
        "none, or names of adapters (\(adapters.joined(separator: ", "))) with a plus between them")
      return adapters.map(chosen.contains)
    }
    self.shares = sorted.map { $0.value / total }
  }

  fileprivate func draw(_ random: inout PhiloxStream) -> [Bool] {
    var rest = random.uniform()
    for (combination, share) in zip(combinations, shares) {
      rest -= share
      if rest < 0 { return combination }
    }
    return combinations[combinations.count - 1]
  }
}
