/// Classes that a decoder has not, at least one of them, and which of its own the others are.
struct NewClasses {
  /// For each new class, which of the decoder's it is; nil for one that is new.
  let rows: [Int?]
  /// What becomes of which class.
  let note: String

  /// Compares the classes of data with those of a decoder; nil where it has all of them, or names are missing.
  init?(_ names: [String], after old: [String]) {
    guard !names.isEmpty, !old.isEmpty else { return nil }
    rows = names.map(old.index(ofClass:))
    let new = zip(names, rows).filter { $0.1 == nil }.map(\.0)
    guard !new.isEmpty else { return nil }
    note =
      "the decoder now has the \(names.count) classes of the data: \(names.count - new.count) are kept, new are "
      + new.prefix(8).joined(separator: ", ") + (new.count > 8 ? " and \(new.count - 8) more" : "")
  }
}
