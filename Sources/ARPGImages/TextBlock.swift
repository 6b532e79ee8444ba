/// Lines of text in the bitmap font, magnified by a whole factor.
struct TextBlock {
  let lines: [String]
  let scale: Int

  /// The size in pixels, with a margin below each line.
  var width: Int { (lines.map(\.count).max() ?? 0) * BitmapFont.advance * scale }
  var height: Int { lines.count * BitmapFont.lineHeight * scale }

  /// Text that is broken into lines at spaces, and within longer words; of more lines than allowed, the last ends in dots.
  ///
  /// - Parameters:
  ///   - text: with line breaks where it is to be broken in any case.
  ///   - width: the pixels that there are for a line.
  ///   - most: the most lines.
  init(_ text: String, width: Int, scale: Int, most: Int = 4) {
    let room = max(3, width / (BitmapFont.advance * scale))
    var lines: [String] = []
    // What is beyond the last line need not be looked at.
    for paragraph in text.prefix(room * (most + 1)).split(whereSeparator: \.isNewline) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        var word = word
        if !line.isEmpty, line.count + 1 + word.count <= room {
          line += " " + word
          continue
        }
        if !line.isEmpty { lines.append(line) }
        while word.count > room {
          lines.append(String(word.prefix(room)))
          word = word.dropFirst(room)
        }
        line = String(word)
      }
      if !line.isEmpty { lines.append(line) }
    }
    if lines.count > most {
      lines = Array(lines.prefix(most))
      lines[most - 1] = lines[most - 1].prefix(room - 2) + ".."
    }
    self.lines = lines
    self.scale = scale
  }

  /// The factor at which some twenty characters fill a width.
  static func scale(for width: Int) -> Int { max(1, width / (20 * BitmapFont.advance)) }
}
