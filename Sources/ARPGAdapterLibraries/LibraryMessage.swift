import CARPGAdapter

/// A text that a function of a library wrote.
struct LibraryMessage {
  /// The text in one line, what is not UTF-8 replaced.
  let text: String
  /// The rule that it breaks; nil for none.
  let fault: String?

  private static let size = 1024

  /// Calls `body` with room for a text, and gives what was written there.
  static func reading<Result>(
    _ body: (ArpgMessage) throws -> Result
  ) rethrows -> (Result, LibraryMessage) {
    var bytes = [CChar](repeating: 0, count: size)
    let result = try bytes.withUnsafeMutableBufferPointer {
      try body(ArpgMessage(bytes: $0.baseAddress, size: $0.count))
    }
    return (result, LibraryMessage(bytes.map(UInt8.init(bitPattern:))))
  }

  private init(_ bytes: [UInt8]) {
    let written = bytes.prefix { $0 != 0 }
    text = String(decoding: written, as: UTF8.self).oneLine
    fault =
      written.count == bytes.count
      ? "without an end within \(bytes.count) bytes"
      : String(validating: written, as: UTF8.self) == nil ? "that is not UTF-8" : nil
  }
}

extension String {
  /// The text with a space for each line break and control character, without those at its ends.
  var oneLine: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory.isBreak ? " " : $0 }))
      .split(separator: " ").joined(separator: " ")
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isBreak: Bool { [.control, .lineSeparator, .paragraphSeparator].contains(self) }
}
