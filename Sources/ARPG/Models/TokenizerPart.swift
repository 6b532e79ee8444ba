import ARPGTensor

/// A tokenizer of an architecture and some sizes, whose weights may still be in a file.
public struct TokenizerPart: Sendable {
  /// The name of the safetensors file in a model's folder.
  public var file = "tokenizer.safetensors"
  /// Its architecture.
  public let architecture: any ImageTokenizer.Type
  /// Its sizes.
  public let configuration: any ImageTokenizerConfiguration
  private let table: @Sendable () -> [ParameterSpecification]
  private let loading: @Sendable (any ParameterSource, WeightPrecision?) throws -> any ImageTokenizer

  /// A tokenizer of an architecture.
  public init<Tokenizer: ImageTokenizer>(_ architecture: Tokenizer.Type, _ configuration: Tokenizer.Configuration) {
    self.architecture = architecture
    self.configuration = configuration
    table = { Tokenizer.parameterTable(configuration) }
    loading = { try Tokenizer.load(configuration, from: $0, precision: $1) }
  }

  /// A tokenizer of an architecture by its name.
  ///
  /// - Parameters:
  ///   - architecture: the name.
  ///   - sizes: what a description says of it; only the architecture knows what that means.
  ///   - registry: the tokenizers that there are.
  /// - Throws: ``RegistryError`` for an architecture that the program does not have; where the sizes cannot be read.
  public init(_ architecture: String, sizes: JSONValue, in registry: TokenizerRegistry) throws {
    func read<Tokenizer: ImageTokenizer>(_ architecture: Tokenizer.Type) throws -> TokenizerPart {
      let configuration: Tokenizer.Configuration = try sizes.decode()
      try configuration.validate()
      return TokenizerPart(architecture, configuration)
    }
    self = try read(registry.tokenizer(named: architecture))
  }

  /// A tokenizer of what a checkpoint's tensors tell.
  ///
  /// - Parameters:
  ///   - source: the checkpoint.
  ///   - groups: the groups of a group normalisation, where the user tells.
  ///   - registry: the tokenizers that there are.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError`` where the tensors are of no known architecture, or do not tell
  ///   enough.
  public init(
    inferredFrom source: any ParameterSource, groups: Int? = nil, in registry: TokenizerRegistry
  ) throws {
    func infer<Tokenizer: ImageTokenizer>(_ architecture: Tokenizer.Type) throws(ConfigurationError) -> TokenizerPart {
      TokenizerPart(architecture, try architecture.configuration(of: source, groups: groups))
    }
    guard let architecture = registry.tokenizer(of: source) else {
      throw ConfigurationError.notInferable(
        source: source.sourceName, found: "its tensors are those of no tokenizer that is known",
        remedy:
          "expected one of \(registry.tokenizers.map { "\($0.architecture) (\($0.summary))" }.joined(separator: ", "))")
    }
    self = try infer(architecture)
  }

  /// The declaration of every tensor.
  public var parameterTable: [ParameterSpecification] { table() }

  /// Checks every name and shape of a source.
  ///
  /// - Throws: ``/ARPGCheckpoints/ParameterError``.
  public func check(_ source: any ParameterSource) throws {
    try ParameterError.check(source, against: parameterTable, ignoring: architecture.ignores)
  }

  /// Checks every name and shape of a source, then reads the weights.
  ///
  /// - Parameters:
  ///   - source: the tensors.
  ///   - precision: of the convolutions; nil for that in which they are stored.
  /// - Throws: ``/ARPGCheckpoints/ParameterError``, or what reading throws.
  public func load(_ source: any ParameterSource, precision: WeightPrecision? = nil) throws -> any ImageTokenizer {
    try loading(source, precision)
  }
}

extension TokenizerPart: Equatable {
  /// Whether file, architecture and sizes are the same.
  public static func == (one: TokenizerPart, other: TokenizerPart) -> Bool {
    one.file == other.file && one.architecture == other.architecture
      && AnyHashable(one.configuration) == AnyHashable(other.configuration)
  }
}
