/// Something that a command cannot use, in one line: what was found, what was expected, and what to do.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
