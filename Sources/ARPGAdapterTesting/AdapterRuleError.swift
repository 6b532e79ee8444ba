/// A rule that an adapter breaks, or that cannot be checked.
public enum AdapterRuleError: Error, CustomStringConvertible, Equatable {
  /// The adapter breaks the rule.
  case broken(AdapterRule, adapter: String, found: String, expected: String, remedy: String)
  /// The adapter does not take what it is checked with, so that nothing is known of the rule.
  case unchecked(AdapterRule, adapter: String, found: String, expected: String)

  /// The rule, what was found, what was expected, and what to do, in one line.
  public var description: String {
    // What is found may be an error of the adapter, of whatever length.
    String(text.prefix(1000)).split(whereSeparator: \.isNewline).joined(separator: "\\n")
  }

  private var text: String {
    switch self {
    case .broken(let rule, let adapter, let found, let expected, let remedy):
      "the adapter \(adapter) breaks rule \(rule.number): \(rule.text) Found \(found), expected \(expected); \(remedy)"
    case .unchecked(let rule, let adapter, let found, let expected):
      "the adapter \(adapter) cannot be checked for rule \(rule.number), \(rule): found \(found), expected \(expected); "
        + "give inputs, settings and sizes that suit it by AdapterExample"
    }
  }
}
