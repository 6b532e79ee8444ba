import ARPG

extension ColourPalette {
  /// Reads colours with commas between: `#aa3311,navy:3` is a colour and another that covers three times as much.
  ///
  /// - Throws: ``PaletteError``.
  public init(parsing text: String) throws(PaletteError) {
    // A text of any length is read no further than it can be right.
    let words = text.split(separator: ",", maxSplits: Self.maxColours, omittingEmptySubsequences: false)
    guard words.count <= Self.maxColours else { throw .tooMany }
    var weighted: [(RGBColour, Double)] = []
    for word in words { weighted.append(try Self.colour(word)) }
    self.init(weighted)
  }

  /// The colour and the weight of `COLOUR` or `COLOUR:WEIGHT`.
  private static func colour(_ word: Substring) throws(PaletteError) -> (RGBColour, Double) {
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].trimmed
    guard name.utf8.count <= 64, let colour = RGBColour(parsing: name) else {
      throw .notAColour(String(word.prefix(64)))
    }
    guard parts.count > 1 else { return (colour, 1) }
    let weight = parts[1].trimmed
    guard weight.utf8.count <= 64, let value = Double(weight), weights.contains(value) else {
      throw .weight(String(weight.prefix(64)))
    }
    return (colour, value)
  }

  /// The weights that a colour may have.
  static let weights = 0.001...1000
}

extension Substring {
  /// Without spaces at either end.
  fileprivate var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
  }
}

/// A palette that cannot be used.
public enum PaletteError: Error, CustomStringConvertible, Equatable {
  /// The input is not a text.
  case notText
  /// A text that is no colour.
  case notAColour(String)
  /// A weight that is no number of the range.
  case weight(String)
  /// More colours than a palette has.
  case tooMany
  /// An image that is no palette's; what is wrong with it.
  case notSwatches(String)
  /// Prepared values of another shape.
  case shape([Int])
  /// The model has no weights for the adapter.
  case noWeights
  /// Settings, of which there are none.
  case settings

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .notText: "palette takes colours as a text, such as #aa3311,navy"
    case .notAColour(let text):
      "palette: '\(text.oneLine)' is no colour; give 3 or 6 hexadecimal digits (#a31, #aa3311) or one of the names black, "
        + "silver, gray, white, maroon, red, purple, fuchsia, green, lime, olive, yellow, navy, blue, teal, aqua, with commas "
        + "between colours"
    case .weight(let text):
      "palette: the weight '\(text.oneLine)' is no number from \(ColourPalette.weights.lowerBound) to 1000; "
        + "give it behind a colon, as in red:3"
    case .tooMany: "palette: more than \(ColourPalette.maxColours) colours; give 1 to \(ColourPalette.maxColours)"
    case .notSwatches(let found):
      "the stored palette has \(found), expected 1 to \(ColourPalette.maxColours) upright bars of one colour each; prepare the "
        + "data again"
    case .shape(let shape):
      "the colours of palette have the shape \(shape), expected [\(ColourPalette.maxColours), 4]; prepare them with this adapter"
    case .noWeights:
      "the model has no weights for the adapter palette; use a model that lists it under adapters, or train it for this one"
    case .settings: "the adapter palette has no settings; leave them out"
    }
  }
}

extension String {
  /// Without line breaks.
  fileprivate var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
