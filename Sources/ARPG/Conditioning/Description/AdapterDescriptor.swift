/// What an adapter tells about itself: the command line, its help, and any other front end are drawn from it.
///
/// Names of adapters, shorthands and options are made of lower-case letters, digits and hyphens, with a letter in front. No
/// two options of an adapter share a name, none is called as a part of every control: ``reservedOptions``, and every one is
/// well-formed, as ``OptionDescriptor`` says.
///
/// As JSON: `name`, `summary`, `input`, `input_summary`, `options`, and where they are there `example`, `shorthand` and
/// `input_values`.
public struct AdapterDescriptor: Sendable, Equatable {
  /// What a user gives the adapter.
  public enum Input: String, Sendable, Equatable, Codable, CaseIterable {
    /// An image, read from a file.
    case image
    /// A text, such as a class name or a list of colours.
    case text
    /// Numbers in a shape, read from a `.npy` or safetensors file.
    case tensor
    /// The bytes of a file, which only the adapter knows how to read: the key points of a pose, for example.
    case file
  }

  /// What the texts are that an adapter takes, where a front end can offer them.
  public enum InputValues: String, Sendable, Equatable, Codable, CaseIterable {
    /// The names of the model's classes.
    case classNames = "class-names"
  }

  /// The name in the registry and in `--control NAME=...`.
  public let name: String
  /// One line for lists.
  public let summary: String
  /// What kind of input it takes; further ones are options of ``OptionDescriptor/Kind/input(_:)``.
  public let input: Input
  /// What the input means, for help: "a photograph, an edge map or a sketch".
  public let inputSummary: String
  /// What the texts are that it takes; nil where they are free, or it takes none.
  public let inputValues: InputValues?
  /// An input as a user would write it, which can be used with any model that the adapter fits; nil for none.
  public let example: String?
  /// The name of an option of its own, without hyphens: `edges` makes `--edges FILE` mean `--control NAME=FILE`.
  public let shorthand: String?
  /// The options of its preprocessing, and its further inputs.
  public let options: [OptionDescriptor]

  /// A description; see the properties.
  public init(
    name: String, summary: String, input: Input, inputSummary: String, inputValues: InputValues? = nil,
    example: String? = nil, shorthand: String? = nil, options: [OptionDescriptor] = []
  ) {
    self.name = name
    self.summary = summary
    self.input = input
    self.inputSummary = inputSummary
    self.inputValues = inputValues
    self.example = example
    self.shorthand = shorthand
    self.options = options
  }

  /// The same under another name, without its shorthand.
  func renamed(_ name: String) -> Self {
    Self(
      name: name, summary: summary, input: input, inputSummary: inputSummary, inputValues: inputValues,
      example: example,
      options: options)
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
      let fault =
        Self.reservedOptions.contains(option.name)
        ? "is one that every control has; give it another name"
        : seen.insert(option.name).inserted ? option.fault : "is there twice"
      if let fault { throw .illFormed(kind: kind, name: name, reason: "its option '\(option.name)' \(fault)") }
    }
  }
}

extension AdapterDescriptor: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, summary, input, example, shorthand, options
    case inputSummary = "input_summary"
    case inputValues = "input_values"
  }

  /// Reads a description; nothing is checked but types, see ``validate()``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      summary: try container.decode(String.self, forKey: .summary),
      input: try container.decode(Input.self, forKey: .input),
      inputSummary: try container.decodeIfPresent(String.self, forKey: .inputSummary) ?? "",
      inputValues: try container.decodeIfPresent(InputValues.self, forKey: .inputValues),
      example: try container.decodeIfPresent(String.self, forKey: .example),
      shorthand: try container.decodeIfPresent(String.self, forKey: .shorthand),
      options: try container.decodeIfPresent([OptionDescriptor].self, forKey: .options) ?? [])
  }
}
