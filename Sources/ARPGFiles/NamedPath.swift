import Foundation

/// `[NAME=]PATH` on a command line: a name where there is an equals sign and the whole is no file or folder.
package struct NamedPath: Sendable {
  /// The name; nil where none is given.
  package let name: String?
  /// The path.
  package let path: String

  /// Reads the text.
  package init(_ argument: String) {
    guard let equals = argument.firstIndex(of: "="), !FileManager.default.fileExists(atPath: argument) else {
      (name, path) = (nil, argument)
      return
    }
    name = String(argument[..<equals])
    path = String(argument[argument.index(after: equals)...])
  }
}
