import ARPG
import ARPGService
import Foundation

/// A prompt of an interface that knows nothing but prompts: what the image shows, and settings as `NAME=VALUE`, which stand behind
/// ` -- ` or on a line of their own: `a mug -- steps=32 seed=5`.
package struct Prompt: Equatable {
  /// What the image shows.
  package var text: String
  /// The settings by their names, as they are written; of those that are given twice the last.
  package private(set) var settings: [String: String] = [:]

  private static let mostBytes = 32_000
  private static let ownSettings = ["seed", "number", "size", "fit"]

  /// Divides a prompt.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` for more than 32000 bytes.
  package init(_ prompt: String) throws(ServiceError) {
    guard prompt.utf8.count <= Self.mostBytes else {
      throw ServiceError(
        .unprocessable, "prompt has \(prompt.utf8.count) bytes; it takes \(Self.mostBytes) at most, so shorten it")
    }
    var lines: [Substring] = []
    for line in prompt.split(whereSeparator: \.isNewline) {
      if let found = Self.settings(in: line) {
        settings.merge(found) { $1 }
      } else if let gap = line.ranges(of: /(^|\s)--\s/).last, let found = Self.settings(in: line[gap.upperBound...]) {
        settings.merge(found) { $1 }
        lines.append(line[..<gap.lowerBound])
      } else {
        lines.append(line)
      }
    }
    text = lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The settings of a text that holds nothing else; nil where it does.
  private static func settings(in text: Substring) -> [String: String]? {
    var found: [String: String] = [:]
    for word in text.split(whereSeparator: \.isWhitespace) {
      guard let pair = word.wholeMatch(of: /([a-z][a-z_]*)=(\S+)/) else { return nil }
      found[String(pair.1)] = String(pair.2)
    }
    return found.isEmpty ? nil : found
  }

  /// Puts the settings over those of a request.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` for a name that there is not, or a value that it does not take.
  func apply(to request: inout ServiceRequest) throws {
    var sampling: [String: JSONValue] = [:]
    for (name, text) in settings {
      switch name {
      case "seed": request.seed = try whole(name, text, 0...UInt64.max)
      case "number": request.number = try whole(name, text, 0...100_000)
      case "size": request.size = try readSize(text)
      case "fit": request.fit = try choice(text, "fit")
      default:
        guard SamplingOverrides.names.contains(name) else {
          let names = Self.ownSettings + SamplingOverrides.names
          throw ServiceError(
            .unprocessable,
            "prompt: there is no setting '\(name.prefix(32))'; there is \(names.joined(separator: ", "))")
        }
        sampling[name] = Self.value(text)
      }
    }
    guard !sampling.isEmpty, case .object(let given) = try JSONValue(encoding: request.settings) else { return }
    let data = try JSONEncoder().encode(JSONValue.object(given.merging(sampling) { $1 }))
    request.settings = try readJSON(SettingsBody.self, data).overrides
  }

  private func whole<Value: FixedWidthInteger>(
    _ name: String, _ text: String, _ range: ClosedRange<Value>
  ) throws(ServiceError) -> Value {
    if let value = Value(text), range.contains(value) { return value }
    throw ServiceError(
      .unprocessable,
      "prompt: \(name) is '\(text.prefix(32))'; it takes a whole number from \(range.lowerBound) to \(range.upperBound)"
    )
  }

  /// A number, several of them between commas, or a word.
  private static func value(_ text: String) -> JSONValue {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
      .filter(\.isFinite)
    guard numbers.count == text.count(where: { $0 == "," }) + 1 else { return .string(text) }
    return numbers.count == 1 ? .number(numbers[0]) : .array(numbers.map(JSONValue.number))
  }
}
