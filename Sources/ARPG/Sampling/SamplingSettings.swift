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
  /// The exponent of ``GuidanceSchedule/powerCosine``, 0 to 100: the larger, the later the scale grows. The default is that of
  /// RAR-B (arXiv 2411.00776, published settings; 2.5, 1.5 and 1.2 for L, XL and XXL).
  public var guidancePower: Float = 2.75
  /// The part of the decoding that is guided, as a fraction of the codes to decode: a step is that begins at the lower bound or
  /// later and before the upper one. The others are conditioned, without guidance (Kynkäänniemi et al., arXiv 2404.07724). Nil is
  /// all of it.
  public var guidanceInterval: Range<Double>?
  /// How many codes are guided, in the order of decoding; nil is all.
  public var guidedTokens: Int?
  /// A scale for the controls that have none of their own, at the cost of a third row for each sample; nil guides them together
  /// with the class. The logits are `u + guidance · (p - u) + controlGuidance · (c - p)`: `u` with nothing, `p` with the prefix
  /// alone, `c` with prefix and controls (the form of InstructPix2Pix, arXiv 2211.09800, section 3.2.1). It is constant, whatever
  /// the schedule; see ``ActiveControl/guidance`` for a scale of one control.
  public var controlGuidance: Float?
  /// The order of the positions; nil is the decoder's own: random, or raster where that is its only one.
  public var order: DecodingOrder?
  /// The noise of ranks in an order by confidence, 0 to 1000, at the first step: the larger, the more the order is one at random.
  /// The default is that of MaskGIT's published sampler (arXiv 2202.04200).
  public var confidenceNoise: Float = 4.5
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
    case guidancePower = "guidance_power"
    case guidanceInterval = "guidance_interval"
    case guidedTokens = "guided_tokens"
    case controlGuidance = "control_guidance"
    case order
    case confidenceNoise = "confidence_noise"
    case temperature
    case topK = "top_k"
    case topP = "top_p"
  }

  /// Reads settings; those that are absent have their defaults.
  public init(from decoder: any Swift.Decoder) throws {
    self = try SamplingOverrides(from: decoder).applied(to: SamplingSettings())
  }

  /// Writes the settings; what is nil is left out, and so are the defaults of what few settings need.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(steps, forKey: .steps)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(guidance, forKey: .guidance)
    try container.encode(guidanceSchedule, forKey: .guidanceSchedule)
    if guidanceStart != 1 { try container.encode(guidanceStart, forKey: .guidanceStart) }
    if guidancePower != SamplingSettings().guidancePower { try container.encode(guidancePower, forKey: .guidancePower) }
    try container.encodeIfPresent(guidanceInterval, forKey: .guidanceInterval)
    try container.encodeIfPresent(guidedTokens, forKey: .guidedTokens)
    try container.encodeIfPresent(controlGuidance, forKey: .controlGuidance)
    try container.encodeIfPresent(order, forKey: .order)
    if confidenceNoise != SamplingSettings().confidenceNoise {
      try container.encode(confidenceNoise, forKey: .confidenceNoise)
    }
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
    try require(1...Self.maxSteps ~= steps, "steps", steps, "1 to \(Self.maxSteps)")
    try require(Self.scales ~= guidance, "guidance", guidance, Self.guidanceRange)
    try require(Self.scales ~= guidanceStart, "guidance-start", guidanceStart, Self.guidanceRange)
    try require(0...Self.maxPower ~= guidancePower, "guidance-power", guidancePower, "0 to 100")
    if let interval = guidanceInterval {
      try require(
        0 <= interval.lowerBound && interval.upperBound <= 1, "guidance-interval",
        "\(interval.lowerBound),\(interval.upperBound)", "two fractions from 0 to 1")
    }
    if let guidedTokens { try require(guidedTokens >= 0, "guided-tokens", guidedTokens, "0 or more") }
    if let controlGuidance {
      try require(Self.scales ~= controlGuidance, "control-guidance", controlGuidance, Self.guidanceRange)
    }
    try require(0...Self.maxNoise ~= confidenceNoise, "confidence-noise", confidenceNoise, "0 to 1000")
    try require(0...Self.maxTemperature ~= temperature, "temperature", temperature, "0 to 100")
    try require(topK >= 0, "top-k", topK, "0 (all codes) or more")
    try require(0...1 ~= topP, "top-p", topP, "0 to 1")
  }

  private static let maxSteps = 1 << 20
  private static let maxPower: Float = 100
  private static let maxNoise: Float = 1000
  private static let maxTemperature: Float = 100
  static let scales: ClosedRange<Float> = -1000...1000
  static let guidanceRange = "-1000 to 1000 (1 is no guidance)"
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
