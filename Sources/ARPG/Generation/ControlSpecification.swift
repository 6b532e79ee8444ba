/// A control as a user asks for it: which adapter, what it is given, how strongly, when and where.
public struct ControlSpecification: Sendable {
  /// The adapter's name in the registry.
  public var adapter: String
  /// What it is given.
  public var input: ControlInput
  /// Its options, those that differ from their defaults.
  public var options: [String: String]
  /// Its further inputs, by the names of its options.
  public var inputs: [String: ControlInput]
  /// The factor of its condition tokens; 0 is exactly no control.
  public var strength: Float
  /// When it acts, as fractions of the tokens decoded.
  public var window: Range<Double>
  /// Where it acts: white is fully, black not at all; stretched over the image. Nil is everywhere.
  public var region: Image?
  /// The scale of guidance for it alone, see ``ActiveControl/guidance``; nil guides it with all that has none.
  public var guidance: Float?

  /// A control, everywhere, at all times and at full strength unless told otherwise.
  public init(
    _ adapter: String, _ input: ControlInput, options: [String: String] = [:], inputs: [String: ControlInput] = [:],
    strength: Float = 1, window: Range<Double> = 0..<1, region: Image? = nil, guidance: Float? = nil
  ) {
    self.adapter = adapter
    self.input = input
    self.options = options
    self.inputs = inputs
    self.strength = strength
    self.window = window
    self.region = region
    self.guidance = guidance
  }
}

extension ControlSpecification: Codable {
  private enum CodingKeys: String, CodingKey {
    case adapter, input, options, inputs, strength, from, to, region, guidance
  }

  /// Reads a control; only `adapter` and `input` must be there.
  ///
  /// - Throws: also ``/ARPGCheckpoints/ConfigurationError`` where `from` is later than `to`.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let from = try container.decodeIfPresent(Double.self, forKey: .from) ?? 0
    let to = try container.decodeIfPresent(Double.self, forKey: .to) ?? 1
    try ConfigurationError.require(from <= to, "from", from, "no more than to, which is \(to)")
    self.init(
      try container.decode(String.self, forKey: .adapter), try container.decode(ControlInput.self, forKey: .input),
      options: try container.decodeIfPresent([String: String].self, forKey: .options) ?? [:],
      inputs: try container.decodeIfPresent([String: ControlInput].self, forKey: .inputs) ?? [:],
      strength: try container.decodeIfPresent(Float.self, forKey: .strength) ?? 1, window: from..<to,
      region: try container.decodeIfPresent(Image.self, forKey: .region),
      guidance: try container.decodeIfPresent(Float.self, forKey: .guidance))
  }

  /// Writes all of the control.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(adapter, forKey: .adapter)
    try container.encode(input, forKey: .input)
    try container.encode(options, forKey: .options)
    try container.encode(inputs, forKey: .inputs)
    try container.encode(strength, forKey: .strength)
    try container.encode(window.lowerBound, forKey: .from)
    try container.encode(window.upperBound, forKey: .to)
    try container.encodeIfPresent(region, forKey: .region)
    try container.encodeIfPresent(guidance, forKey: .guidance)
  }
}
