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
  /// The positions that the last step asked for, whose codes are not known yet.
  private var asked: [Int] = []

  /// Rows, where they turn, and the position that each of them predicts: none for a code or a class.
  private struct Rows {
    var values: Tensor
    var places: [Int]
    var predicted: [Int?]

    func joined(with other: Rows) -> Rows {
      Rows(
        values: values.joined(with: other.values), places: places + other.places,
        predicted: predicted + other.predicted)
    }

    func dropFirst() -> Rows {
      Rows(
        values: values.lastRows(places.count - 1), places: Array(places.dropFirst()),
        predicted: Array(predicted.dropFirst()))
    }
  }

  init(_ decoder: RandARDecoder, _ start: DecodingStart) {
    self.decoder = decoder
    self.start = start
    let length = start.prefix.shape[1], sizes = decoder.configuration.sizes
    cache = CausalCache(
      sizes, batch: start.prefix.shape[0], capacity: length + 2 * decoder.layout.tokens, padding: start.padding)
    input = Rows(
      values: start.prefix, places: Array(repeating: 0, count: length), predicted: Array(repeating: nil, count: length))
  }

  func accept(_ codes: [[Int]], at positions: [Int]) {
    accept(decoder.embed(start.repeated(codes), sequences: sequences), at: positions)
  }

  /// Takes embedded codes, `[sequences, positions, dim]`.
  func accept(_ codes: Tensor, at positions: [Int]) {
    let pairs = Rows(
      values: instructions(positions).interleaved(with: codes),
      places: positions.flatMap { [$0 + 1, $0 + 1] }, predicted: positions.flatMap { [$0, nil] })
    // The first instruction of the last step stands in the cache already.
    let new = asked.isEmpty ? pairs : pairs.dropFirst()
    asked = []
    input = input?.joined(with: new) ?? new
  }

  func logits(at positions: [Int], conditions: StepConditions) -> Tensor {
    let questions = Rows(
      values: instructions(positions), places: positions.map { $0 + 1 }, predicted: positions.map { $0 })
    let rows = input.take()?.joined(with: questions) ?? questions
    let asking = rows.predicted.indices.filter { rows.predicted[$0] != nil }
    let tokens = conditions(at: rows.predicted.compactMap { $0 })
    let seen = decoder.transformer(
      rows.values, SelfAttention.Rotation(decoder.rotary, at: rows.places), cache: cache,
      conditions: tokens.mapValues { $0.spreadRows(to: asking, of: rows.places.count) })
    cache.truncate(to: cache.length - (positions.count - 1))
    asked = positions
    return decoder.transformer.logits(seen.lastRows(positions.count))
  }

  private var sequences: Int { start.copies * start.images }

  private func instructions(_ positions: [Int]) -> Tensor {
    decoder.instructions(
      at: positions.map { $0 + 1 }, length: positions.count, sequences: sequences)
  }
}
