import ARPG
import ARPGLayers
import ARPGTensor

/// A control by the first letter of a text, which becomes a token in front of the codes: trained, with a prefix and without
/// condition tokens.
struct LetterControl: TrainableAdapter, ControlPreprocessor {
  let descriptor = AdapterDescriptor(
    name: "letter", summary: "what the image shows begins with it", input: .text, inputSummary: "a word")

  enum Refusal: Error, CustomStringConvertible {
    case notAWord, noWeights

    var description: String {
      switch self {
      case .notAWord: "letter takes a word of the letters a to z"
      case .noWeights: "the model has no weights for the adapter letter; train it"
      }
    }
  }

  /// A row for each letter, and one for none.
  struct Table: Module {
    let rows: Embedding

    init(_ dim: Int, _ parameters: ParameterReader) {
      rows = Embedding(rows: 27, dim: dim, parameters.scoped("letters."))
    }
  }

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .text(let text) = input, let letter = text.first?.asciiValue, 97...122 ~= letter else {
      throw Refusal.notAWord
    }
    return [PreparedControl(values: Tensor(shape: [1], values: [Float(letter - 97)]))]
  }

  func initialParameters(for model: AdapterModel, settings: JSONValue?, seed: UInt64) throws -> NewAdapter {
    NewAdapter(
      configuration: .null,
      parameters: ParameterSet(Table.initialParameters(model.layout.dim, seed: seed, purpose: .adapter)))
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter {
    guard let weights = model.weights else { throw Refusal.noWeights }
    try ParameterError.check(
      weights.parameters, against: Table.parameterTable(model.layout.dim), ignoring: Table.ignores)
    return Fitted()
  }

  struct Fitted: FittedAdapter {
    func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
      guard let parameters else { throw Refusal.noWeights }
      return Encoder(table: try Table.load(parts.decoder.layout.dim, from: parameters))
    }
  }

  struct Encoder: ControlEncoder {
    let table: Table

    var nullPrefix: Tensor? { rows([26]) }

    func encode(_ batch: [PreparedControl]) throws -> Condition {
      Condition(prefix: .init(embeddings: rows(batch.map { Int($0.values.scalar) }), null: rows([26])))
    }

    private func rows(_ letters: [Int]) -> Tensor {
      let rows = table.rows(letters)
      return rows.reshaped(letters.count, 1, rows.shape[1])
    }
  }
}
