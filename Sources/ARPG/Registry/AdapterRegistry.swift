/// The adapters that a program has. A value: built once, then handed on.
public struct AdapterRegistry: Sendable {
  private var registry = NamedRegistry<any ControlAdapter>(of: "adapter")

  /// A registry without adapters.
  public init() {}

  /// The adapters in the order of their registration.
  public var adapters: [any ControlAdapter] { registry.entries.map(\.entry) }

  /// Adds an adapter.
  ///
  /// - Throws: ``RegistryError`` where its name or shorthand is taken, or its descriptor or scores break a rule that
  ///   ``AdapterDescriptor`` or ``ScoreDescriptor`` states.
  public mutating func register(_ adapter: some ControlAdapter) throws(RegistryError) {
    let new = adapter.descriptor
    try new.validate()
    try (adapter as? any ScoredAdapter)?.validateScores()
    if let shorthand = new.shorthand, let holder = self.adapter(withShorthand: shorthand) {
      throw .taken(kind: "adapter", name: "--" + shorthand, by: holder.descriptor.name)
    }
    try registry.register(adapter, named: new.name)
  }

  /// The adapter of a name.
  ///
  /// - Throws: ``RegistryError/unknown(kind:name:known:nearest:)``.
  public func adapter(named name: String) throws(RegistryError) -> any ControlAdapter {
    try registry.entry(named: name)
  }

  /// The adapter of a name; of one that has a second name, such as an adapter of a file, the one that it is of, with the name
  /// that controls are stored under.
  ///
  /// - Throws: ``RegistryError/unknown(kind:name:known:nearest:)``.
  package func original(named name: String) throws(RegistryError) -> any ControlAdapter {
    var adapter = try adapter(named: name)
    while let named = adapter as? NamedAdapter { adapter = named.base }
    return adapter
  }

  /// The adapter whose shorthand this is, without hyphens.
  public func adapter(withShorthand shorthand: String) -> (any ControlAdapter)? {
    adapters.first { $0.descriptor.shorthand == shorthand }
  }
}
