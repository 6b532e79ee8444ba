import ARPG
import ARPGTensor
import LlamaGenDecoder

/// What a decoder of RandAR remembers of a batch: the keys and values of the class, and of the instruction and the code of
/// every position that is known, in the order of decoding.
///
/// Instructions that are asked together see each other and no codes between them. Of a step's instructions only the first
/// stays in the cache: the others are run again with the next step, where they stand between codes, as in training.
final class RandARState: DecodingState {
  private let decoder: RandARDecoder
  private let start: DecodingStart
  private let cache: CausalCache
  /// The rows that the transformer sees next.
  private var input: Rows?
  /// Whether the codes at the positions that the last step asked for are not known yet.
  private var isAsking = false

  /// Rows and where they turn; those among them that are instructions, and the positions that these predict.
  private struct Rows {
    var values: Tensor
    var places: DecodingPositions
    var asking: [Int]
    var predicted: DecodingPositions

    func joined(with other: Rows) -> Rows {
      Rows(
        values: values.joined(with: other.values), places: places.joined(with: other.places),
        asking: asking + other.asking.map { $0 + places.count }, predicted: predicted.joined(with: other.predicted))
    }

    /// The rows behind the first one, which is an instruction.
    func dropFirst() -> Rows {
      Rows(
        values: values.lastRows(places.count - 1), places: places.map { Array($0.dropFirst()) },
        asking: asking.dropFirst().map { $0 - 1 }, predicted: predicted.map { Array($0.dropFirst()) })
    }
  }

  init(_ decoder: RandARDecoder, _ start: DecodingStart) {
    self.decoder = decoder
    self.start = start
    let length = start.prefix.shape[1], sizes = decoder.configuration.sizes
    cache = CausalCache(
      sizes, batch: start.prefix.shape[0], capacity: length + 2 * decoder.layout.tokens, padding: start.padding,
      beside: decoder.transformer.precision)
    input = Rows(
      values: start.prefix, places: .shared(Array(repeating: 0, count: length)), asking: [], predicted: .shared([]))
  }

  func accept(_ codes: [[Int]], at positions: DecodingPositions) {
    accept(decoder.embed(start.repeated(codes), sequences: sequences), at: positions)
  }

  /// Takes embedded codes, `[sequences, positions, dim]`.
  func accept(_ codes: Tensor, at positions: DecodingPositions) {
    let pairs = Rows(
      values: instructions(positions).interleaved(with: codes),
      places: positions.rotaryRows.map { $0.flatMap { [$0, $0] } }, asking: (0..<positions.count).map { 2 * $0 },
      predicted: positions)
    // The first instruction of the last step stands in the cache already.
    let new = isAsking ? pairs.dropFirst() : pairs
    isAsking = false
    input = input?.joined(with: new) ?? new
  }

  func logits(at positions: DecodingPositions, conditions: StepConditions) -> Tensor {
    let questions = Rows(
      values: instructions(positions), places: positions.rotaryRows, asking: Array(0..<positions.count),
      predicted: positions)
    let rows = input.take()?.joined(with: questions) ?? questions
    let tokens = conditions(at: rows.predicted)
    let seen = decoder.transformer(
      rows.values, SelfAttention.Rotation(decoder.rotary, at: start.repeated(rows.places)), cache: cache,
      conditions: tokens.mapValues { $0.spreadRows(to: rows.asking, of: rows.places.count) })
    cache.truncate(to: cache.length - (positions.count - 1))
    isAsking = true
    return decoder.transformer.logits(seen.lastRows(positions.count))
  }

  private var sequences: Int { start.copies * start.images }

  private func instructions(_ positions: DecodingPositions) -> Tensor {
    decoder.instructions(
      at: start.repeated(positions.rotaryRows), length: positions.count, sequences: sequences)
  }
}
