import ARPG
import ArgumentParser
import Foundation

/// `NAME=INPUT[,strength=0.8][,from=0][,to=1][,region=mask.png][,guidance=2][,OPTION=VALUE...]`, as it stands on the command
/// line; a value with commas stands in double quotes.
struct ControlArgument: Equatable {
  /// The adapter.
  var adapter: String
  /// A file, or a text.
  var input: String
  var strength: Float = 1
  /// Where its window begins and ends, as fractions of the tokens decoded.
  var from = 0.0
  var to = 1.0
  /// An image whose brightness is the strength at each place.
  var region: String?
  /// The scale of guidance for it alone.
  var guidance: Float?
  /// What remains: options of the adapter.
  var options: [String: String] = [:]

  /// The input as it may be told to others: the name of a file, without its folder, or the text.
  var inputName: String {
    if input == InputFile.standardInput { return "standard input" }
    return FileManager.default.fileExists(atPath: input) ? Self.name(of: input) : input
  }

  /// The name of a file, without its folder.
  static func name(of path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// Reads the text.
  ///
  /// - Throws: `ValidationError` that says which part is wrong and what is expected.
  init(parsing argument: String) throws {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      throw ValidationError("--control '\(argument)': expected NAME=FILE, for example --control canny=sketch.jpg")
    }
    adapter = String(argument[..<equals])
    let rest = argument[argument.index(after: equals)...]
    let parts: ArraySlice<Substring>
    (input, parts) = try Self.split(rest, of: argument)
    guard !input.isEmpty else { throw ValidationError("--control '\(argument)': expected an input behind \(adapter)=") }
    for part in parts { try set(part, in: "--control '\(argument)'") }
    try validate(in: "--control '\(argument)'")
  }

  /// Checks the window.
  ///
  /// - Parameter place: what errors name.
  func validate(in place: String) throws {
    guard from <= to else { throw ValidationError("\(place): from (\(from)) is later than to (\(to))") }
  }

  /// Divides what stands behind the adapter's name into the input and its settings. An input in double quotes ends with them;
  /// otherwise it is the longest beginning that is a file, and where there is none it ends before the first `KEY=VALUE`.
  private static func split(
    _ rest: Substring, of argument: String
  ) throws -> (input: String, settings: ArraySlice<Substring>) {
    if rest == InputFile.standardInput || rest.hasPrefix(InputFile.standardInput + ",") {
      return (InputFile.standardInput, divided(rest).dropFirst())
    }
    if rest.first == "\"" {
      guard let end = rest.dropFirst().firstIndex(of: "\"") else {
        throw ValidationError("--control '\(argument)': the double quote is not closed")
      }
      let behind = rest[rest.index(after: end)...]
      guard behind.isEmpty || behind.first == "," else {
        throw ValidationError("--control '\(argument)': expected a comma behind the closing double quote")
      }
      return (String(rest[rest.index(after: rest.startIndex)..<end]), divided(behind).dropFirst())
    }
    let parts = divided(rest)
    for count in (1...parts.count).reversed() {
      let name = parts[..<count].joined(separator: ",")
      if FileManager.default.fileExists(atPath: name) { return (name, parts[count...]) }
    }
    let count = 1 + parts.dropFirst().prefix { !$0.contains("=") }.count
    return (parts[..<count].joined(separator: ","), parts[count...])
  }

  /// The parts between commas, those within the double quotes of `KEY="VALUE"` left out.
  private static func divided(_ text: Substring) -> [Substring] {
    var parts: [Substring] = [], start = text.startIndex, isQuoted = false, last: Character?
    for index in text.indices {
      let character = text[index]
      if character == "\"", isQuoted || last == "=" { isQuoted.toggle() }
      if character == ",", !isQuoted {
        parts.append(text[start..<index])
        start = text.index(after: index)
      }
      last = character
    }
    return parts + [text[start...]]
  }

  /// Sets what `KEY=VALUE` says.
  ///
  /// - Parameter place: what errors name.
  mutating func set(_ part: Substring, in place: String) throws {
    let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard pair.count == 2 else {
      throw ValidationError("\(place): '\(part)' is not KEY=VALUE")
    }
    func number(_ range: ClosedRange<Double>) throws -> Double {
      guard let value = Double(pair[1]), range.contains(value) else {
        throw ValidationError(
          "\(place): \(pair[0]) is '\(pair[1])'; it takes \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    switch pair[0] {
    case "strength": strength = Float(try number(-100...100))
    case "from": from = try number(0...1)
    case "to": to = try number(0...1)
    case "region": region = pair[1]
    case "guidance": guidance = Float(try number(-1000...1000))
    default:
      let isQuoted = pair[1].count > 1 && pair[1].hasPrefix("\"") && pair[1].hasSuffix("\"")
      options[pair[0]] = isQuoted ? String(pair[1].dropFirst().dropLast()) : pair[1]
    }
  }
}
