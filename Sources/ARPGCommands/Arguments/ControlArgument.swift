import ARPG
import ArgumentParser

/// `NAME=INPUT[,strength=0.8][,from=0][,to=1][,region=mask.png][,OPTION=VALUE...]`, as it stands on the command line.
struct ControlArgument: Equatable {
  /// The adapter.
  var adapter: String
  /// A file, or a text; commas belong to it until the first `KEY=VALUE`.
  var input: String
  var strength: Float = 1
  /// Where its window begins and ends, as fractions of the tokens decoded.
  var from = 0.0
  var to = 1.0
  /// An image whose brightness is the strength at each place.
  var region: String?
  /// What remains: options of the adapter.
  var options: [String: String] = [:]

  /// Reads the text.
  ///
  /// - Throws: `ValidationError` that says which part is wrong and what is expected.
  init(parsing argument: String) throws {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      throw ValidationError("--control '\(argument)': expected NAME=FILE, for example --control canny=sketch.jpg")
    }
    adapter = String(argument[..<equals])
    var parts = argument[argument.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)[...]
    var text: [Substring] = [parts.removeFirst()]
    while let part = parts.first, !part.contains("=") {
      text.append(part)
      parts.removeFirst()
    }
    input = text.joined(separator: ",")
    guard !input.isEmpty else { throw ValidationError("--control '\(argument)': expected an input behind \(adapter)=") }
    for part in parts { try set(part, in: argument) }
    guard from <= to else {
      throw ValidationError("--control '\(argument)': from (\(from)) is later than to (\(to))")
    }
  }

  private mutating func set(_ part: Substring, in argument: String) throws {
    let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard pair.count == 2 else {
      throw ValidationError("--control '\(argument)': '\(part)' is not KEY=VALUE")
    }
    func number(_ range: ClosedRange<Double>) throws -> Double {
      guard let value = Double(pair[1]), range.contains(value) else {
        throw ValidationError(
          "--control '\(argument)': \(pair[0]) is '\(pair[1])'; it takes \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    switch pair[0] {
    case "strength": strength = Float(try number(-100...100))
    case "from": from = try number(0...1)
    case "to": to = try number(0...1)
    case "region": region = pair[1]
    default: options[pair[0]] = pair[1]
    }
  }
}
