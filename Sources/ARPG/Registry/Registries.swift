/// All that a program can use: built once by its `main`, then handed on.
public struct Registries: Sendable {
  /// The control adapters.
  public var adapters = AdapterRegistry()
  /// The decoder families, by the name in `"architecture"` of a model's description.
  public var decoders = DecoderRegistry()
  /// The tokenizers, by the name in `"architecture"` of a model's description; that of LlamaGen is always there.
  public var tokenizers = TokenizerRegistry()

  /// No adapter, no decoder family, and the tokenizer of LlamaGen.
  public init() {}
}

/// The decoder families that a program has. A value: built once, then handed on.
public struct DecoderRegistry: Sendable {
  private var registry = NamedRegistry<any ImageDecoder.Type>(of: "decoder family")
  private var unnamed: (any ImageDecoder.Type)?

  /// A registry without families.
  public init() {}

  /// The families in the order of their registration.
  public var families: [any ImageDecoder.Type] { registry.entries.map(\.entry) }

  /// Adds a family.
  ///
  /// - Parameters:
  ///   - family: the family.
  ///   - isUnnamed: whether descriptions of models that name no architecture are of this family; only one can be that.
  /// - Throws: ``RegistryError`` where its name is taken or ill-formed.
  public mutating func register(_ family: any ImageDecoder.Type, asUnnamed isUnnamed: Bool = false)
    throws(RegistryError)
  {
    if isUnnamed, let unnamed {
      throw .taken(kind: "decoder family", name: "the unnamed one", by: unnamed.architecture)
    }
    try registry.register(family, named: family.architecture)
    if isUnnamed { unnamed = family }
  }

  /// The family of a name, or that of descriptions which name none.
  ///
  /// - Throws: ``RegistryError/unknown(kind:name:known:nearest:)``.
  public func family(named name: String?) throws(RegistryError) -> any ImageDecoder.Type {
    if name == nil, let unnamed { return unnamed }
    return try registry.entry(named: name ?? "")
  }

  /// The family that a checkpoint's tensors are of, by their names; nil for none.
  public func family(of source: any ParameterSource) -> (any ImageDecoder.Type)? {
    families.first { $0.recognizes(source) }
  }
}

/// The tokenizers that a program has. A value: built once, then handed on.
public struct TokenizerRegistry: Sendable {
  private var registry = NamedRegistry<any ImageTokenizer.Type>(of: "tokenizer")

  /// The tokenizer of LlamaGen alone.
  public init() {
    try? register(VQTokenizer.self)
  }

  /// The tokenizers in the order of their registration.
  public var tokenizers: [any ImageTokenizer.Type] { registry.entries.map(\.entry) }

  /// Adds a tokenizer.
  ///
  /// - Throws: ``RegistryError`` where its name is taken or ill-formed.
  public mutating func register(_ tokenizer: any ImageTokenizer.Type) throws(RegistryError) {
    try registry.register(tokenizer, named: tokenizer.architecture)
  }

  /// The tokenizer of a name.
  ///
  /// - Throws: ``RegistryError/unknown(kind:name:known:nearest:)``.
  public func tokenizer(named name: String) throws(RegistryError) -> any ImageTokenizer.Type {
    try registry.entry(named: name)
  }

  /// The tokenizer that a checkpoint's tensors are of, by their names; nil for none.
  public func tokenizer(of source: any ParameterSource) -> (any ImageTokenizer.Type)? {
    tokenizers.first { $0.recognizes(source) }
  }
}
