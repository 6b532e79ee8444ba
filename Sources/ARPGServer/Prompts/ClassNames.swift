import ARPG
import ARPGService
import Foundation

/// The classes of a model, found in what people write.
package struct ClassNames {
  private let names: [String]
  /// Where names are, as they are written and in lower case; of those that are the same the first.
  private let exact, lowercased: [String: Int]

  /// - Parameter names: of the classes in their order; none where the model knows classes by index alone.
  package init(_ names: [String]) {
    self.names = names
    exact = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    lowercased = Dictionary(names.enumerated().map { ($0.element.lowercased(), $0.offset) }) { first, _ in first }
  }

  /// The classes of a text, as an adapter reads them: one name, or names and indices with commas between.
  ///
  /// The text is a name or an index, or several with commas between; otherwise the longest name within it that is made of whole words:
  /// "a photo of a mug" is "mug".
  ///
  /// - Returns: nil where it names no class.
  package func classes(in text: String) -> String? {
    if let index = index(of: text) { return names[index] }
    var found: [String] = []
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let name = self.piece(piece.trimmingCharacters(in: .whitespaces)) else { return nameWithin(text) }
      found.append(name)
    }
    return found.joined(separator: ",")
  }

  /// The class of a name, whatever its case.
  private func index(of name: String) -> Int? { exact[name] ?? lowercased[name.lowercased()] }

  /// A piece of a list; a name that has a comma itself stands there as its index.
  private func piece(_ text: String) -> String? {
    if let index = index(of: text) { return names[index].contains(",") ? String(index) : names[index] }
    guard let index = Int(text), 0..<(names.isEmpty ? 1 << 24 : names.count) ~= index else { return nil }
    return String(index)
  }

  private func nameWithin(_ text: String) -> String? {
    var known: [[String]: String] = [:]
    for name in names where known[Self.words(name)] == nil { known[Self.words(name)] = name }
    let words = Self.words(text), most = known.keys.map(\.count).max() ?? 0
    var best: String?
    for start in words.indices {
      for count in stride(from: 1, through: min(most, words.count - start), by: 1) {
        guard let name = known[Array(words[start..<start + count])], name.count > best?.count ?? 0 else { continue }
        best = name
      }
    }
    return best
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
  }
}

extension ServedModel {
  /// The control that a prompt asks for, by the adapter that takes names of classes.
  ///
  /// - Returns: nil where the prompt is empty, or the model knows no classes.
  /// - Throws: ``/ARPGService/ServiceError`` with the names that there are where the prompt names none.
  func control(for prompt: Prompt, _ reader: InputReader) throws -> GenerationRecord.Control? {
    guard !prompt.text.isEmpty,
      let adapter = adapters.map(\.descriptor).first(where: { $0.inputValues == .classNames })
    else { return nil }
    let names = folder.description.classNames
    guard let classes = ClassNames(names).classes(in: prompt.text) else {
      let text = prompt.text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(64)
      let known =
        names.isEmpty
        ? "the model names none, so give an index"
        : names.count <= Self.mostToldNames
          ? "the model knows \(names.joined(separator: ", "))"
          : "GET /api/v1/models lists the model's \(names.count)"
      throw ServiceError(.unprocessable, "prompt '\(text)' names no class; \(known)")
    }
    return try ControlBody(adapter: adapter.name, InputBody(text: classes)).read("prompt", reader)
  }

  private static let mostToldNames = 64
}
