import ArgumentParser

/// Values separated by commas, as some options take them.
enum CommaList {
  /// Reads a list.
  ///
  /// - Parameters:
  ///   - text: the list.
  ///   - option: the option's name, with its dashes.
  ///   - otherwise: what a word is that has no value: `is none of a, b`.
  ///   - value: of a word; nil where it has none.
  static func read<Value>(
    _ text: String, _ option: String, otherwise: String, _ value: (String) -> Value?
  ) throws -> [Value] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let value = value(String(word)) else {
        throw ValidationError("\(option) '\(text)': '\(word)' \(otherwise)")
      }
      return value
    }
  }
}
