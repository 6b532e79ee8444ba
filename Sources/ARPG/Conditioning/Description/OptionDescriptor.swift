import ARPGImages

/// One option of an adapter: its name, what it does, which values it takes, and the one it has when it is not given.
///
/// Ranges have an end that is not below their beginning, both ends and the default lie on a step, words to choose from are
/// different, not empty, and hold neither commas nor spaces, and the default is one of the values that the option takes.
public struct OptionDescriptor: Sendable, Equatable {
  /// The values that an option takes.
  public enum Kind: Sendable, Equatable {
    /// A number within a range, ends included; with a step those alone that are whole steps from the range's beginning.
    case number(ClosedRange<Double>, step: Double?)
    /// A whole number within a range, ends included, a whole number of steps from its beginning.
    case whole(ClosedRange<Int>, step: Int)
    /// One of several words.
    case choice([String])
    /// On or off.
    case toggle
    /// A text of at most some characters.
    case text(limit: Int)
    /// A colour, as ``/ARPGImages/RGBColour/init(parsing:)`` reads it.
    case colour
    /// A further input: an image, which lies on the same canvas as the first, numbers in a shape, or a file's bytes.
    case input(AdapterDescriptor.Input)
  }

  /// The name in `NAME=VALUE`.
  public let name: String
  /// One line for help.
  public let summary: String
  /// The values it takes.
  public let kind: Kind
  /// What a number counts: "pixels"; nil for nothing.
  public let unit: String?
  /// The value it has when it is not given, as a user would write it; nil for none.
  public let defaultValue: String?
  /// A value as a user would write it; nil for none. An option without a default has one, unless it is an input.
  public let example: String?
  /// Whether it must be given.
  public let isRequired: Bool

  init(
    _ name: String, _ summary: String, _ kind: Kind, unit: String? = nil, defaultValue: String? = nil,
    example: String? = nil, isRequired: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.unit = unit
    self.defaultValue = defaultValue
    self.example = example
    self.isRequired = isRequired
  }

  /// A number with a range and a default within it.
  ///
  /// - Parameters:
  ///   - name: in `NAME=VALUE`.
  ///   - summary: one line for help.
  ///   - range: the values that it takes, ends included.
  ///   - step: between the values that it takes; nil for all of the range.
  ///   - unit: what it counts, for help.
  ///   - value: where it is not given.
  public static func number(
    _ name: String, _ summary: String, range: ClosedRange<Double>, step: Double? = nil, unit: String? = nil,
    default value: Double
  ) -> Self {
    Self(name, summary, .number(range, step: step), unit: unit, defaultValue: value.shortDescription)
  }

  /// A whole number with a range and a default within it.
  ///
  /// - Parameters:
  ///   - name: in `NAME=VALUE`.
  ///   - summary: one line for help.
  ///   - range: the values that it takes, ends included.
  ///   - step: between the values that it takes: 2 from 1 on for odd ones.
  ///   - unit: what it counts, for help.
  ///   - value: where it is not given.
  public static func whole(
    _ name: String, _ summary: String, range: ClosedRange<Int>, step: Int = 1, unit: String? = nil,
    default value: Int
  ) -> Self {
    Self(name, summary, .whole(range, step: step), unit: unit, defaultValue: String(value))
  }

  /// One of several words, the first being the default.
  public static func choice(_ name: String, _ summary: String, _ words: [String]) -> Self {
    Self(name, summary, .choice(words), defaultValue: words.first)
  }

  /// On or off.
  public static func toggle(_ name: String, _ summary: String, default value: Bool = false) -> Self {
    Self(name, summary, .toggle, defaultValue: value ? "on" : "off")
  }

  /// A text of at most `limit` characters; without a default it may be left out, and has an example then.
  public static func text(
    _ name: String, _ summary: String, limit: Int = 1000, default value: String? = nil, example: String? = nil
  ) -> Self {
    Self(name, summary, .text(limit: limit), defaultValue: value, example: example)
  }

  /// A colour; without a default it may be left out, and has an example then.
  public static func colour(
    _ name: String, _ summary: String, default value: RGBColour? = nil, example: RGBColour? = nil
  ) -> Self {
    Self(name, summary, .colour, defaultValue: value?.description, example: example?.description)
  }

  /// A further input, beside that which the adapter's descriptor names.
  public static func input(
    _ name: String, _ summary: String, _ input: AdapterDescriptor.Input, isRequired: Bool = false
  ) -> Self {
    Self(name, summary, .input(input), isRequired: isRequired)
  }

  /// Whether the value is the name of a file, which front ends read.
  public var input: AdapterDescriptor.Input? {
    if case .input(let input) = kind { return input }
    return nil
  }
}
