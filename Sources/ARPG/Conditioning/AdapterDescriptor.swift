/// What an adapter tells about itself: the command line, its help, and any other front end are drawn from it.
public struct AdapterDescriptor: Sendable {
  /// What a user gives the adapter.
  public enum Input: Sendable, Equatable {
    /// A picture, read from a file.
    case image
    /// A text, such as a class name or a list of colours.
    case text
  }

  /// The name in the registry and in `--control NAME=...`: lower-case letters, digits and hyphens.
  public let name: String
  /// One line for lists.
  public let summary: String
  /// What kind of input it takes.
  public let input: Input
  /// What the input means, for help: "a photograph, an edge map or a sketch".
  public let inputSummary: String
  /// The name of an option of its own, without hyphens: `edges` makes `--edges FILE` mean `--control NAME=FILE`.
  public let shorthand: String?
  /// The options of its preprocessing.
  public let options: [OptionDescriptor]

  /// A description; see the properties.
  public init(
    name: String, summary: String, input: Input, inputSummary: String, shorthand: String? = nil,
    options: [OptionDescriptor] = []
  ) {
    self.name = name
    self.summary = summary
    self.input = input
    self.inputSummary = inputSummary
    self.shorthand = shorthand
    self.options = options
  }
}

/// One option of an adapter: its name, what it does, which values it takes, and the one it has when it is not given.
public struct OptionDescriptor: Sendable, Equatable {
  /// The values that an option takes.
  public enum Kind: Sendable, Equatable {
    /// A number within a range, ends included.
    case number(ClosedRange<Double>)
    /// One of several words.
    case choice([String])
  }

  /// The name in `NAME=VALUE`.
  public let name: String
  /// One line for help.
  public let summary: String
  /// The values it takes.
  public let kind: Kind
  /// The value it has when it is not given, as a user would write it.
  public let defaultValue: String

  /// A number with a range and a default within it.
  public static func number(_ name: String, _ summary: String, range: ClosedRange<Double>, default value: Double)
    -> Self
  {
    precondition(range.contains(value), "the default of option \(name) is out of its range")
    return Self(name: name, summary: summary, kind: .number(range), defaultValue: value.shortDescription)
  }

  /// One of several words, the first being the default.
  public static func choice(_ name: String, _ summary: String, _ words: [String]) -> Self {
    precondition(!words.isEmpty, "option \(name) has no values to choose from")
    return Self(name: name, summary: summary, kind: .choice(words), defaultValue: words[0])
  }

  /// The values it takes, for help and errors: `0 to 255` or `auto, photo or edges`.
  public var range: String {
    switch kind {
    case .number(let range): "\(range.lowerBound.shortDescription) to \(range.upperBound.shortDescription)"
    case .choice(let words):
      words.dropLast().joined(separator: ", ") + (words.count > 1 ? " or " : "") + words[words.count - 1]
    }
  }

  func accepts(_ text: String) -> Bool {
    switch kind {
    case .number(let range): Double(text).map(range.contains) ?? false
    case .choice(let words): words.contains(text)
    }
  }
}

extension Double {
  /// Whole numbers without a decimal point.
  var shortDescription: String {
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self)
  }
}
