/// The adapters that a program has. A value: built once, then handed on.
public struct AdapterRegistry: Sendable {
  /// The adapters in the order of their registration.
  public private(set) var adapters: [any ControlAdapter] = []

  /// A registry without adapters.
  public init() {}

  /// Adds an adapter.
  ///
  /// - Throws: ``RegistryError/taken(_:by:)`` where its name or shorthand is taken.
  public mutating func register(_ adapter: some ControlAdapter) throws(RegistryError) {
    let new = adapter.descriptor
    for old in adapters.map(\.descriptor) {
      if old.name == new.name { throw .taken(new.name, by: old.name) }
      if let shorthand = new.shorthand, shorthand == old.shorthand { throw .taken("--" + shorthand, by: old.name) }
    }
    adapters.append(adapter)
  }

  /// The adapter of a name.
  ///
  /// - Throws: ``RegistryError/unknown(_:known:nearest:)``.
  public func adapter(named name: String) throws(RegistryError) -> any ControlAdapter {
    if let adapter = adapters.first(where: { $0.descriptor.name == name }) { return adapter }
    let known = adapters.map(\.descriptor.name)
    throw .unknown(name, known: known, nearest: name.nearest(among: known))
  }

  /// The adapter whose shorthand this is, without hyphens.
  public func adapter(withShorthand shorthand: String) -> (any ControlAdapter)? {
    adapters.first { $0.descriptor.shorthand == shorthand }
  }
}

/// A name that cannot be registered or found.
public enum RegistryError: Error, CustomStringConvertible, Equatable {
  /// Another adapter has the name already.
  case taken(String, by: String)
  /// No adapter has the name.
  case unknown(String, known: [String], nearest: String?)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .taken(let name, let holder):
      "an adapter cannot be registered as '\(name)': the adapter '\(holder)' has that name; give one of them another"
    case .unknown(let name, let known, let nearest):
      "there is no adapter '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ";")
        + " Known adapters: \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    }
  }
}
