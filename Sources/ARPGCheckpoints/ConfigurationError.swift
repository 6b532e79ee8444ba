/// A configuration that no model can have, or that a checkpoint does not tell.
public enum ConfigurationError: Error, CustomStringConvertible, Equatable {
  /// A field has a value that is out of range or does not go with the others.
  case invalid(field: String, found: String, expected: String)
  /// The shapes of a source's tensors do not tell a field.
  case notInferable(source: String, found: String, remedy: String)
  /// A description that cannot be read: a field is missing or of another kind.
  case malformed(String)

  /// What was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .invalid(let field, let found, let expected): "\(field) is \(found); expected \(expected)"
    case .notInferable(let source, let found, let remedy): "\(source): \(found); \(remedy)"
    case .malformed(let reason): reason
    }
  }

  /// Throws ``invalid(field:found:expected:)`` unless the condition holds.
  public static func require(
    _ condition: Bool, _ field: String, _ found: Any, _ expected: @autoclosure () -> String
  ) throws(ConfigurationError) {
    if !condition { throw .invalid(field: field, found: "\(found)", expected: expected()) }
  }
}
