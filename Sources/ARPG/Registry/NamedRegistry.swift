/// Things of one kind by their names. A value: built once, then handed on.
public struct NamedRegistry<Entry: Sendable>: Sendable {
  /// What the entries are, for errors: "adapter", "decoder family".
  public let kind: String
  /// The entries in the order of their registration.
  public private(set) var entries: [(name: String, entry: Entry)] = []

  /// A registry without entries.
  public init(of kind: String) {
    self.kind = kind
  }

  /// The names in the order of their registration.
  public var names: [String] { entries.map(\.name) }

  /// Adds an entry.
  ///
  /// - Throws: ``RegistryError`` where its name is taken, or is not made of lower-case letters, digits, hyphens and
  ///   underscores with a letter in front.
  public mutating func register(_ entry: Entry, named name: String) throws(RegistryError) {
    try RegistryError.checkName(name, of: kind, allowing: "-_")
    guard !names.contains(name) else { throw .taken(kind: kind, name: name, by: name) }
    entries.append((name, entry))
  }

  /// The entry of a name.
  ///
  /// - Throws: ``RegistryError/unknown(kind:name:known:nearest:)``.
  public func entry(named name: String) throws(RegistryError) -> Entry {
    if let found = entries.first(where: { $0.name == name }) { return found.entry }
    throw .unknown(kind: kind, name: name, known: names, nearest: name.nearest(among: names))
  }
}

/// A name that cannot be registered or found.
public enum RegistryError: Error, CustomStringConvertible, Equatable {
  /// Another entry has the name already.
  case taken(kind: String, name: String, by: String)
  /// The name, or that of a part such as an option, is not one that can be used.
  case illFormed(kind: String, name: String, reason: String)
  /// No entry has the name.
  case unknown(kind: String, name: String, known: [String], nearest: String?)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .taken(let kind, let name, let holder):
      "no \(kind) can be registered as '\(name)': the \(kind) '\(holder)' has that name; give one of them another"
    case .illFormed(let kind, let name, let reason): "no \(kind) can be registered as '\(name)': \(reason)"
    case .unknown(let kind, let name, let known, let nearest):
      "there is no \(kind) '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ";")
        + " Known: \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    }
  }

  /// Throws where a name is not made of lower-case letters, digits and some other characters, with a letter in front.
  static func checkName(
    _ name: String, of kind: String, as part: String = "a name", allowing others: String = "-"
  ) throws(RegistryError) {
    let isFormed = name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) || others.contains($0) }
    guard isFormed, name.first?.isLetter == true else {
      throw .illFormed(
        kind: kind, name: name,
        reason: "\(part) is made of lower-case letters, digits and '\(others)', with a letter in front")
    }
  }
}
