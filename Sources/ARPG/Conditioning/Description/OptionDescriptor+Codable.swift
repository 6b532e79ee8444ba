/// As JSON: `name`, `summary`, `type` and what belongs to it: of `number` and `whole` `minimum`, `maximum`, `step` and
/// `unit`, of `choice` `values`, of `text` `limit`; `toggle` and `colour` have no more. The types `image`, `tensor` and
/// `file` are further inputs. Beside them `default`, `example`, `required`, and `range`, which is written alone, for people.
extension OptionDescriptor: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, summary, type, minimum, maximum, step, unit, values, limit, example, range
    case defaultValue = "default"
    case isRequired = "required"
  }

  /// Reads an option. Its rules are checked with those of its adapter.
  ///
  /// - Throws: `DecodingError`, also for a type that is not known, and a range that ends before it begins.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(String.self, forKey: .type)
    func range<Bound: Comparable & Decodable>(of _: Bound.Type) throws -> ClosedRange<Bound> {
      let least = try container.decode(Bound.self, forKey: .minimum)
      let most = try container.decode(Bound.self, forKey: .maximum)
      guard least <= most else {
        throw DecodingError.dataCorruptedError(
          forKey: .maximum, in: container, debugDescription: "found \(most), expected \(least) or more")
      }
      return least...most
    }
    let kind: Kind
    switch type {
    case "number":
      kind = .number(try range(of: Double.self), step: try container.decodeIfPresent(Double.self, forKey: .step))
    case "whole":
      kind = .whole(try range(of: Int.self), step: try container.decodeIfPresent(Int.self, forKey: .step) ?? 1)
    case "choice": kind = .choice(try container.decode([String].self, forKey: .values))
    case "toggle": kind = .toggle
    case "text": kind = .text(limit: try container.decodeIfPresent(Int.self, forKey: .limit) ?? 1000)
    case "colour": kind = .colour
    default:
      guard let input = AdapterDescriptor.Input(rawValue: type) else {
        throw DecodingError.dataCorruptedError(
          forKey: .type, in: container,
          debugDescription:
            "found '\(type.prefix(40))', expected number, whole, choice, toggle, text, colour, image, tensor or file")
      }
      kind = .input(input)
    }
    self.init(
      try container.decode(String.self, forKey: .name), try container.decode(String.self, forKey: .summary), kind,
      unit: try container.decodeIfPresent(String.self, forKey: .unit),
      defaultValue: try container.decodeIfPresent(String.self, forKey: .defaultValue),
      example: try container.decodeIfPresent(String.self, forKey: .example),
      isRequired: try container.decodeIfPresent(Bool.self, forKey: .isRequired) ?? false)
  }

  /// Writes the option.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(summary, forKey: .summary)
    try container.encode(kind.type, forKey: .type)
    switch kind {
    case .number(let range, let step):
      try container.encode(range.lowerBound, forKey: .minimum)
      try container.encode(range.upperBound, forKey: .maximum)
      try container.encodeIfPresent(step, forKey: .step)
    case .whole(let range, let step):
      try container.encode(range.lowerBound, forKey: .minimum)
      try container.encode(range.upperBound, forKey: .maximum)
      try container.encode(step, forKey: .step)
    case .choice(let words): try container.encode(words, forKey: .values)
    case .text(let limit): try container.encode(limit, forKey: .limit)
    case .toggle, .colour, .input: break
    }
    try container.encodeIfPresent(unit, forKey: .unit)
    try container.encodeIfPresent(defaultValue, forKey: .defaultValue)
    try container.encodeIfPresent(example, forKey: .example)
    if isRequired { try container.encode(true, forKey: .isRequired) }
    try container.encode(range, forKey: .range)
  }
}

extension OptionDescriptor.Kind {
  /// The name of the type, as JSON has it.
  public var type: String {
    switch self {
    case .number: "number"
    case .whole: "whole"
    case .choice: "choice"
    case .toggle: "toggle"
    case .text: "text"
    case .colour: "colour"
    case .input(let input): input.rawValue
    }
  }
}
