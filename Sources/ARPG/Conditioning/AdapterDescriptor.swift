/// What an adapter tells about itself: the command line, its help, and any other front end are drawn from it.
///
/// Names of adapters, shorthands and options are made of lower-case letters, digits and hyphens, with a letter in front. No
/// two options of an adapter share a name, and none is called as a part of every control: ``reservedOptions``. Words to
/// choose from are not empty and hold neither commas nor spaces.
public struct AdapterDescriptor: Sendable, Equatable, Codable {
  /// What a user gives the adapter.
  public enum Input: String, Sendable, Equatable, Codable {
    /// An image, read from a file.
    case image
    /// A text, such as a class name or a list of colours.
    case text
    /// Numbers in a shape, read from a `.npy` or safetensors file.
    case tensor
  }

  /// The name in the registry and in `--control NAME=...`.
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

  /// What every control has: strength, window, region and guidance.
  public static let reservedOptions = ["strength", "from", "to", "region", "guidance"]

  /// Checks the rules above.
  ///
  /// - Throws: ``RegistryError/illFormed(kind:name:reason:)``.
  public func validate() throws(RegistryError) {
    let kind = "adapter"
    try RegistryError.checkName(name, of: kind)
    if let shorthand { try RegistryError.checkName(shorthand, of: kind, as: "its shorthand '\(shorthand)'") }
    var seen: Set<String> = []
    for option in options {
      try RegistryError.checkName(option.name, of: kind, as: "its option '\(option.name)'")
      guard !Self.reservedOptions.contains(option.name) else {
        throw .illFormed(
          kind: kind, name: name,
          reason: "its option '\(option.name)' is one that every control has; give it another name")
      }
      guard seen.insert(option.name).inserted else {
        throw .illFormed(kind: kind, name: name, reason: "it has two options '\(option.name)'")
      }
      if case .choice(let words) = option.kind {
        guard words.allSatisfy({ !$0.isEmpty && !$0.contains(where: { $0 == "," || $0.isWhitespace }) }) else {
          throw .illFormed(
            kind: kind, name: name,
            reason: "the words of its option '\(option.name)' are not empty and hold neither commas nor spaces")
        }
      }
    }
  }
}

/// One option of an adapter: its name, what it does, which values it takes, and the one it has when it is not given.
public struct OptionDescriptor: Sendable, Equatable, Codable {
  /// The values that an option takes.
  public enum Kind: Sendable, Equatable, Codable {
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
