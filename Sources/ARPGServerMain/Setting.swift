import ArgumentParser
import Foundation

/// A value that is given as an option, or in the environment: `ARPG_MAX_COUNT` for `--max-count`.
enum Setting {
  private static func variable(_ option: String) -> String {
    "ARPG_" + option.uppercased().replacing("-", with: "_")
  }

  /// A text; nil where it is given nowhere.
  static func text(_ option: String, _ given: String?) -> String? {
    given ?? ProcessInfo.processInfo.environment[variable(option)].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Several texts, in the environment with commas between them.
  static func texts(_ option: String, _ given: [String]) -> [String] {
    given.isEmpty ? text(option, nil)?.split(separator: ",").map(String.init) ?? [] : given
  }

  /// Whether a flag is given: in the environment as 1, true, yes or on.
  static func flag(_ option: String, _ given: Bool) throws -> Bool {
    guard !given, let text = text(option, nil) else { return given }
    switch text.lowercased() {
    case "1", "true", "yes", "on": return true
    case "0", "false", "no", "off": return false
    default: throw ValidationError("\(variable(option)) is '\(text)'; it takes 1 or 0")
    }
  }

  /// A number within a range; nil where it is given nowhere.
  static func number<Value: LosslessStringConvertible & Comparable>(
    _ option: String, _ given: String?, _ range: ClosedRange<Value>
  ) throws -> Value? {
    guard let text = text(option, given) else { return nil }
    if let value = Value(text), range.contains(value) { return value }
    throw ValidationError(
      "--\(option) is '\(text)'; it takes \(range.lowerBound) to \(range.upperBound)"
        + (given == nil ? " (from \(variable(option)))" : ""))
  }
}
