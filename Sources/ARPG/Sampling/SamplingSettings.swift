/// How codes are drawn.
public struct SamplingSettings: Sendable, Equatable, Codable {
  /// The number of steps, 1 or more; more than there are tokens changes nothing.
  public var steps = 64
  /// How many codes each step decodes.
  public var schedule = Schedule.arccos
  /// The scale of classifier-free guidance; 1 is none.
  public var guidance: Float = 5
  /// How the scale changes.
  public var guidanceSchedule = GuidanceSchedule.constant
  /// A scale of its own for the controls, at the cost of a third row for each sample; nil guides class and controls
  /// together.
  public var controlGuidance: Float?
  /// The divisor of the logits, 0 or more; the smaller, the safer the codes.
  public var temperature: Float = 1
  /// Draws from the most likely codes only; 0 is all, 1 is greedy.
  public var topK = 0
  /// Draws from the smallest set of codes whose probability exceeds this, 0 to 1; 1 is all.
  public var topP: Float = 1

  /// The settings that the authors suggest for ARPG-L.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case steps, schedule, guidance
    case guidanceSchedule = "guidance_schedule"
    case controlGuidance = "control_guidance"
    case temperature
    case topK = "top_k"
    case topP = "top_p"
  }

  /// Reads settings; those that are absent have their defaults.
  public init(from decoder: any Swift.Decoder) throws {
    self = try SamplingOverrides(from: decoder).applied(to: SamplingSettings())
  }

  /// Checks every value against its range.
  ///
  /// - Throws: ``SamplingError/outOfRange(setting:found:expected:)``.
  public func validate() throws(SamplingError) {
    func require(_ condition: Bool, _ setting: String, _ found: Any, _ expected: String) throws(SamplingError) {
      if !condition { throw .outOfRange(setting: setting, found: "\(found)", expected: expected) }
    }
    try require(1...Self.mostSteps ~= steps, "steps", steps, "1 to \(Self.mostSteps)")
    try require(-Self.mostGuidance...Self.mostGuidance ~= guidance, "guidance", guidance, Self.guidanceRange)
    if let controlGuidance {
      try require(
        -Self.mostGuidance...Self.mostGuidance ~= controlGuidance, "control-guidance", controlGuidance,
        Self.guidanceRange)
    }
    try require(0...Self.mostTemperature ~= temperature, "temperature", temperature, "0 to 100")
    try require(topK >= 0, "top-k", topK, "0 (all codes) or more")
    try require(0...1 ~= topP, "top-p", topP, "0 to 1")
  }

  private static let mostSteps = 1 << 20
  private static let mostGuidance: Float = 1000
  private static let mostTemperature: Float = 100
  private static let guidanceRange = "-1000 to 1000 (1 is no guidance)"
}

/// A request that cannot be sampled.
public enum SamplingError: Error, CustomStringConvertible, Equatable {
  /// A setting has a value out of its range.
  case outOfRange(setting: String, found: String, expected: String)
  /// Something does not fit the model or the rest of the request.
  case mismatch(String, found: String, expected: String)

  /// What was found and what was expected.
  public var description: String {
    switch self {
    case .outOfRange(let setting, let found, let expected): "\(setting) is \(found); it takes \(expected)"
    case .mismatch(let what, let found, let expected): "\(what): found \(found), expected \(expected)"
    }
  }
}
