import ARPG
import ARPGTensor

/// Conditions an image on a class: tokens in front of the codes, which every decoder that knows classes has of its own.
public struct ClassControl: ControlAdapter, ControlPreprocessor {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(ClassControl())
  }

  /// Its name is `class`; it takes a text.
  public let descriptor = AdapterDescriptor(
    name: "class",
    summary: "what the image shows",
    input: .text,
    inputSummary: "an index or a name; a list with commas is a batch",
    inputValues: .classNames,
    shorthand: "class")

  /// One element for each class of the list; its values are the class's index, `[1]`.
  ///
  /// - Throws: ``ClassControlError`` for a name that the model does not have.
  public func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
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

  /// Fits a model that is conditioned on classes.
  ///
  /// - Throws: ``/ARPG/DecoderError/noClasses`` where it is not.
  public func fit(to model: AdapterModel) throws -> any FittedAdapter {
    guard model.layout.classes > 0 else { throw DecoderError.noClasses }
    return FittedClassControl()
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

/// All that a class needs is in the decoder.
private struct FittedClassControl: FittedAdapter {
  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    ClassEncoder(decoder: parts.decoder)
  }
}

/// Looks up the class's prefix.
private struct ClassEncoder: ControlEncoder {
  let decoder: any ImageDecoder

  var nullPrefix: Tensor? { decoder.nullPrefix }

  func encode(_ batch: [PreparedControl]) throws -> Condition {
    let classes = batch.map { Int($0.values.scalar) }
    return Condition(
      prefix: .init(embeddings: try decoder.prefix(ofClasses: classes), null: decoder.nullPrefix, replacesNull: true))
  }
}

/// A class that cannot be used.
public enum ClassControlError: Error, CustomStringConvertible, Equatable {
  /// The input is not a text.
  case notText
  /// No class has this name.
  case unknown(String, known: [String], nearest: String?)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .notText: "class takes an index or a name, not an image"
    case .unknown(let word, let known, let nearest):
      "class '\(word.prefix(64).split(whereSeparator: \.isNewline).joined(separator: " "))' is not known"
        + (nearest.map { "; did you mean '\($0)'?" } ?? ";")
        + (known.isEmpty
          ? " the model names no classes, so give an index"
          : known.count <= 32
            ? " the model's classes are \(known.joined(separator: ", "))"
            : " `arpg info` lists the model's \(known.count) classes")
    }
  }
}

extension String {
  /// Without spaces at either end.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
