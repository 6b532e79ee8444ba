/// The options of one adapter with the values they have, every one checked against its description.
public struct OptionValues: Sendable {
  private let values: [String: String]

  /// Values for the options of an adapter: those given, the defaults for the rest.
  ///
  /// - Throws: ``OptionError`` for a name that the adapter does not have or a value out of range.
  public init(_ given: [String: String] = [:], for descriptor: AdapterDescriptor) throws {
    var values = Dictionary(uniqueKeysWithValues: descriptor.options.map { ($0.name, $0.defaultValue) })
    for (name, text) in given.sorted(by: { $0.key < $1.key }) {
      guard let option = descriptor.options.first(where: { $0.name == name }) else {
        throw OptionError.unknown(name, adapter: descriptor.name, known: descriptor.options.map(\.name))
      }
      guard option.accepts(text) else { throw OptionError.outOfRange(option, found: text, adapter: descriptor.name) }
      values[name] = text
    }
    self.values = values
  }

  /// The value of a number option. Traps where the adapter did not describe it as one.
  public func number(_ name: String) -> Double {
    guard let value = values[name].flatMap(Double.init) else { preconditionFailure("no number option \(name)") }
    return value
  }

  /// The value of a choice option. Traps where the adapter did not describe it.
  public func choice(_ name: String) -> String {
    guard let value = values[name] else { preconditionFailure("no option \(name)") }
    return value
  }
}

/// An option of an adapter that cannot be used as given.
public enum OptionError: Error, CustomStringConvertible {
  /// The adapter has no such option.
  case unknown(String, adapter: String, known: [String])
  /// The option does not take this value.
  case outOfRange(OptionDescriptor, found: String, adapter: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .unknown(let name, let adapter, let known):
      known.isEmpty
        ? "\(adapter) has no option '\(name)'; it takes none"
        : "\(adapter) has no option '\(name)'; it takes \(known.joined(separator: ", "))"
    case .outOfRange(let option, let found, let adapter):
      "option \(option.name) of \(adapter) is '\(found)'; it takes \(option.range)"
    }
  }
}
