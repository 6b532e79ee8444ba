/// Some of the ``SamplingSettings``, to be put over others.
public struct SamplingOverrides: Sendable, Equatable, Codable {
  /// See ``SamplingSettings/steps``.
  public var steps: Int?
  /// See ``SamplingSettings/schedule``.
  public var schedule: Schedule.Name?
  /// See ``SamplingSettings/guidance``.
  public var guidance: Float?
  /// See ``SamplingSettings/guidanceSchedule``.
  public var guidanceSchedule: GuidanceSchedule?
  /// See ``SamplingSettings/guidanceStart``.
  public var guidanceStart: Float?
  /// See ``SamplingSettings/guidancePower``.
  public var guidancePower: Float?
  /// See ``SamplingSettings/guidanceInterval``.
  public var guidanceInterval: Range<Double>?
  /// See ``SamplingSettings/guidedTokens``.
  public var guidedTokens: Int?
  /// See ``SamplingSettings/controlGuidance``.
  public var controlGuidance: Float?
  /// See ``SamplingSettings/order``.
  public var order: DecodingOrder?
  /// See ``SamplingSettings/confidenceNoise``.
  public var confidenceNoise: Float?
  /// See ``SamplingSettings/temperature``.
  public var temperature: Float?
  /// See ``SamplingSettings/topK``.
  public var topK: Int?
  /// See ``SamplingSettings/topP``.
  public var topP: Float?

  /// No setting.
  public init() {}

  /// What the settings are called in JSON.
  public static var names: [String] { CodingKeys.allCases.map(\.rawValue) }

  private enum CodingKeys: String, CodingKey, CaseIterable {
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

  /// Other settings with these over them.
  public func applied(to settings: SamplingSettings) -> SamplingSettings {
    var settings = settings
    settings.steps = steps ?? settings.steps
    settings.schedule = schedule ?? settings.schedule
    settings.guidance = guidance ?? settings.guidance
    settings.guidanceSchedule = guidanceSchedule ?? settings.guidanceSchedule
    settings.guidanceStart = guidanceStart ?? settings.guidanceStart
    settings.guidancePower = guidancePower ?? settings.guidancePower
    settings.guidanceInterval = guidanceInterval ?? settings.guidanceInterval
    settings.guidedTokens = guidedTokens ?? settings.guidedTokens
    settings.controlGuidance = controlGuidance ?? settings.controlGuidance
    settings.order = order ?? settings.order
    settings.confidenceNoise = confidenceNoise ?? settings.confidenceNoise
    settings.temperature = temperature ?? settings.temperature
    settings.topK = topK ?? settings.topK
    settings.topP = topP ?? settings.topP
    return settings
  }
}
