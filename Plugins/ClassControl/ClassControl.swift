import ARPG
import ARPGTensor

/// Conditions an image on a class: the token in front of the first pass.
///
/// Source: ARPG (arXiv 2503.10568); the table of embeddings holds a row for each class and one for none.
public struct ClassControl: ControlAdapter {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(ClassControl())
  }

  /// Its name is `class`; it takes a text.
  public let descriptor = AdapterDescriptor(
    name: "class",
    summary: "what the picture shows",
    input: .text,
    inputSummary: "an index or a name; a list with commas is a batch",
    shorthand: "class")

  /// One element for each class of the list; its values are the class's index, `[1]`.
  ///
  /// - Throws: ``ClassControlError`` for a name that the model does not have.
  public func preprocess(
    _ input: ControlInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .text(let text) = input else { throw ClassControlError.notText }
    let words =
      context.classNames.contains(text)
      ? [text]
      : text.split(separator: ",", omittingEmptySubsequences: false)
        .map { String($0).trimmed }
    return try words.map { word in
      let index = try Self.index(of: word, among: context.classNames)
      let name = context.classNames.indices.contains(index) ? context.classNames[index] : nil
      return PreparedControl(
        values: Tensor(shape: [1], values: [Float(index)]), note: name.map { "class \(index), \($0)" })
    }
  }

  /// Makes an encoder; a decoder has all that it needs.
  public func makeEncoder(for model: AdapterModel) throws -> any ControlEncoder {
    ClassEncoder(decoder: model.decoder)
  }

  private static func index(of word: String, among names: [String]) throws -> Int {
    if let index = names.firstIndex(of: word) ?? names.firstIndex(where: { $0.lowercased() == word.lowercased() }) {
      return index
    }
    guard let index = Int(word), 0..<(1 << 24) ~= index else {
      throw ClassControlError.unknown(word, known: names, nearest: word.nearest(among: names))
    }
    return index
  }
}

/// Looks up the class's row of the embedding table.
private struct ClassEncoder: ControlEncoder {
  let decoder: Decoder

  func encode(_ batch: [PreparedControl]) throws -> Condition {
    let configuration = decoder.configuration
    let rows = try batch.map { control in
      let index = Int(control.values.scalar)
      guard 0..<configuration.classes ~= index else {
        throw ClassControlError.outOfRange(index, classes: configuration.classes)
      }
      return configuration.classRow(index)
    }
    return Condition(
      prefix: .init(
        embeddings: decoder.embed(rows).reshaped(batch.count, 1, configuration.dim),
        null: decoder.embed([configuration.nullClassRow]).reshaped(1, 1, configuration.dim)))
  }
}

/// A class that cannot be used.
public enum ClassControlError: Error, CustomStringConvertible, Equatable {
  /// The input is not a text.
  case notText
  /// No class has this name.
  case unknown(String, known: [String], nearest: String?)
  /// The model has fewer classes.
  case outOfRange(Int, classes: Int)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .notText: "class takes an index or a name, not a picture"
    case .unknown(let word, let known, let nearest):
      "class '\(word)' is not known" + (nearest.map { "; did you mean '\($0)'?" } ?? ";")
        + (known.isEmpty
          ? " the model names no classes, so give an index"
          : known.count <= 32
            ? " the model's classes are \(known.joined(separator: ", "))"
            : " `arpg info` lists the model's \(known.count) classes")
    case .outOfRange(let index, let classes):
      "class \(index) is out of range; the model has \(classes) classes, 0 to \(classes - 1)"
    }
  }
}

extension String {
  /// Without spaces at either end.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
