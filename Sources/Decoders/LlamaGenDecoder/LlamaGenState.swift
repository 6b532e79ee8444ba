import ARPG
import ARPGTensor

/// What a decoder of LlamaGen remembers of a batch: the keys and values of all rows so far.
final class LlamaGenState: DecodingState {
  private let decoder: LlamaGenDecoder
  private let start: DecodingStart
  private let cache: CausalCache
  /// The rows that the transformer sees next, and where they stand in the rotary table.
  private var input: (rows: Tensor, places: [Int])?

  init(_ decoder: LlamaGenDecoder, _ start: DecodingStart) {
    self.decoder = decoder
    self.start = start
    let length = start.prefix.shape[1], sizes = decoder.configuration.sizes
    cache = CausalCache(
      sizes, batch: start.prefix.shape[0], capacity: length + decoder.layout.tokens, padding: start.padding,
      beside: decoder.transformer.precision)
    input = (start.prefix, Array(repeating: 0, count: length))
  }

  func accept(_ codes: [[Int]], at positions: DecodingPositions) {
    let rows = decoder.embed(start.repeated(codes), sequences: start.copies * start.images)
    let places = shared(positions).map { $0 + 1 }
    input = input.map { ($0.rows.joined(with: rows), $0.places + places) } ?? (rows, places)
  }

  func logits(at positions: DecodingPositions, conditions: StepConditions) -> Tensor {
    guard let (rows, places) = input.take(), let position = shared(positions).first, positions.count == 1 else {
      preconditionFailure("one code is predicted after another")
    }
    // The last row predicts this position, the rows before it those before: each carries the token of what it predicts.
    let length = rows.shape[1], predicting = min(length, position + 1)
    let tokens = conditions(at: .shared(Array(position + 1 - predicting...position)))
    let last = Array(length - predicting..<length)
    let seen = decoder.transformer(
      rows, SelfAttention.Rotation(decoder.rotary, at: places), cache: cache,
      conditions: tokens.mapValues { $0.spreadRows(to: last, of: length) })
    return decoder.transformer.logits(seen.lastRows(1))
  }

  /// The positions of all images, which are the same in raster order.
  private func shared(_ positions: DecodingPositions) -> [Int] {
    precondition(positions.isShared, "images that are decoded in raster order have the same positions")
    return positions[0]
  }
}
