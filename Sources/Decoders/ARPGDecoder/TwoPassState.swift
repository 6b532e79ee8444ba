import ARPG
import ARPGTensor

/// What the two passes remember of a batch: the keys and values of each layer of the first pass, and the shared pair. It
/// never holds anything of a control.
final class TwoPassState: DecodingState {
  private let decoder: TwoPassDecoder
  private let start: DecodingStart
  private let cache: TwoPassCache
  /// What the first pass sees next.
  private var input: (tokens: Tensor, places: DecodingPositions)?
  private var isFirst = true

  init(_ decoder: TwoPassDecoder, _ start: DecodingStart) {
    self.decoder = decoder
    self.start = start
    let length = start.prefix.shape[1]
    cache = TwoPassCache(
      decoder.configuration, batch: start.prefix.shape[0], capacity: length + decoder.layout.tokens,
      padding: start.padding, beside: decoder.keyPrecision)
    input = (start.prefix, .shared(Array(repeating: 0, count: length)))
  }

  func accept(_ codes: [[Int]], at positions: DecodingPositions) {
    let tokens = decoder.embed(start.repeated(codes))
      .reshaped(start.copies * start.images, positions.count, decoder.configuration.dim)
    let places = positions.rotaryRows
    input = input.map { ($0.tokens.joined(with: tokens), $0.places.joined(with: places)) } ?? (tokens, places)
  }

  func logits(at positions: DecodingPositions, conditions: StepConditions) -> Tensor {
    guard let (tokens, places) = input.take() else { preconditionFailure("the codes of the last step are not known") }
    // The contract of the published sampler: of what stands in the first step, prefix and known codes, each sees those before it
    // alone, as in training.
    let isCausal = isFirst && tokens.shape[1] > 1
    isFirst = false
    let context = decoder.firstPass(tokens, positions: start.repeated(places), cache: cache, causal: isCausal)
    return decoder.secondPass(
      positions.count, positions: start.repeated(positions.rotaryRows), context: context,
      conditions: conditions(at: positions))
  }
}

/// The keys and values of all tokens seen so far.
package final class TwoPassCache {
  private let layers: [KeyValueBuffer]

  init(
    _ configuration: TwoPassConfiguration, batch: Int, capacity: Int, padding: [Int]? = nil,
    beside weights: WeightPrecision
  ) {
    layers = (0...configuration.layers / 2).map { _ in
      KeyValueBuffer(
        batch: batch, capacity: capacity, dim: configuration.dim, heads: configuration.heads, padding: padding,
        beside: weights)
    }
  }

  func append(_ new: KeyValues, layer: Int) -> KeyValues { layers[layer].append(new) }
}
