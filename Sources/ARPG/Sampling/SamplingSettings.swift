/// How codes are drawn.
public struct SamplingSettings: Sendable, Equatable, Codable {
  /// The number of steps, 1 or more; more than there are tokens changes nothing.
  public var steps = 64
  /// How many codes each step decodes: one of the schedules of the decoder's family.
  public var schedule = Schedule.Name.arccos
  /// The scale of classifier-free guidance; 1 is none.
  public var guidance: Float = 5
  /// How the scale changes.
  public var guidanceSchedule = GuidanceSchedule.constant
  /// Where a scale begins that changes.
  public var guidanceStart: Float = 1
  /// How many codes are guided, in the order of decoding; nil is all.
  public var guidedTokens: Int?
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
    case guidanceStart = "guidance_start"
    case guidedTokens = "guided_tokens"
    case controlGuidance = "control_guidance"
    case temperature
    case topK = "top_k"
    case topP = "top_p"
  }

  /// Reads settings; those that are absent have their defaults.
  public init(from decoder: any Swift.Decoder) throws {
    self = try SamplingOverrides(from: decoder).applied(to: SamplingSettings())
  }

  /// Writes the settings; a start of guidance of 1 and what is nil are left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(steps, forKey: .steps)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(guidance, forKey: .guidance)
    try container.encode(guidanceSchedule, forKey: .guidanceSchedule)
    if guidanceStart != 1 { try container.encode(guidanceStart, forKey: .guidanceStart) }
    try container.encodeIfPresent(guidedTokens, forKey: .guidedTokens)
    try container.encodeIfPresent(controlGuidance, forKey: .controlGuidance)
    try container.encode(temperature, forKey: .temperature)
    try container.encode(topK, forKey: .topK)
    try container.encode(topP, forKey: .topP)
  }

  /// Checks every value against its range.
  ///
  /// - Throws: ``SamplingError/outOfRange(setting:found:expected:)``.
  public func validate() throws(SamplingError) {
    func require(_ condition: Bool, _ setting: String, _ found: Any, _ expected: String) throws(SamplingError) {
      if !condition { throw .outOfRange(setting: setting, found: "\(found)", expected: expected) }
    }
    let scales = -Self.maxGuidance...Self.maxGuidance
    try require(1...Self.maxSteps ~= steps, "steps", steps, "1 to \(Self.maxSteps)")
    try require(scales ~= guidance, "guidance", guidance, Self.guidanceRange)
    try require(scales ~= guidanceStart, "guidance-start", guidanceStart, Self.guidanceRange)
    if let guidedTokens { try require(guidedTokens >= 0, "guided-tokens", guidedTokens, "0 or more") }
    if let controlGuidance {
      try require(scales ~= controlGuidance, "control-guidance", controlGuidance, Self.guidanceRange)
    }
    try require(0...Self.maxTemperature ~= temperature, "temperature", temperature, "0 to 100")
    try require(topK >= 0, "top-k", topK, "0 (all codes) or more")
    try require(0...1 ~= topP, "top-p", topP, "0 to 1")
  }

  private static let maxSteps = 1 << 20
  private static let maxGuidance: Float = 1000
  private static let maxTemperature: Float = 100
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
