import ARPG
import ARPGTensor
import Testing

/// Checks the rules of ``/ARPG/ImageDecoder`` for a decoder of some weights.
public func expectDecoderContract(_ decoder: any ImageDecoder, sourceLocation: SourceLocation = #_sourceLocation) throws
{
  let layout = decoder.layout, tokens = layout.tokens, generator = Philox(seed: 8)
  let order =
    layout.order == .raster ? Array(0..<tokens) : (0..<tokens).sorted { ($0 * 7 + 3) % 17 < ($1 * 7 + 3) % 17 }
  func codes(_ image: Int) -> [Int] { (0..<tokens).map { ($0 * 5 + 3 * image + 1) % layout.vocab } }
  func normal(_ shape: [Int], _ number: Int) -> Tensor {
    generator.normalTensor(shape: shape, deviation: 0.5, number: number, purpose: .custom(90))
  }

  /// The logits of every position, one after another, for images with a prefix each, the first `known` of them given.
  func logits(_ images: [Int], known: Int = 0, _ conditions: StepConditions = .none) throws -> [[Float]] {
    let prefix = try decoder.prefix(ofClasses: images.map { _ in nil })
    let state = decoder.makeState(DecodingStart(prefix: prefix, images: images.count))
    let rows = images.map(codes)
    if known > 0 {
      state.accept(rows.map { row in order[..<known].map { row[$0] } }, at: .shared(Array(order[..<known])))
    }
    return order[known...].map { position in
      let found = state.logits(at: .shared([position]), conditions: conditions).values
      state.accept(rows.map { [$0[position]] }, at: .shared([position]))
      return found
    }
  }
  func expect(_ holds: Bool, _ rule: Comment) { #expect(holds, rule, sourceLocation: sourceLocation) }
  func largest(_ a: [[Float]], _ b: [[Float]]) -> Float {
    zip(a.joined(), b.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  let whole = try logits([0, 1, 2])
  for image in 0..<3 {
    let alone = try logits([image])
    let part = whole.map { Array($0[image * layout.vocab..<(image + 1) * layout.vocab]) }
    expect(alone == part, "image \(image) depends on its batch")
  }
  let plain = try logits([0])
  expect(try logits([0], StepConditions { _ in [:] }) == plain, "no condition tokens are not none")
  if layout.injectableLayers > 0 {
    let tokens = normal([1, 1, layout.dim], 0)
    let steered = try logits(
      [0],
      StepConditions { positions in
        [
          0: tokens.reshaped(1, layout.dim).selectingRows(positions[0].map { _ in 0 }).reshaped(
            1, positions.count, layout.dim)
        ]
      })
    expect(largest(steered, plain) > 1e-3, "condition tokens change nothing")
  }
  let known = tokens / 2
  expect(
    largest(try logits([0], known: known), Array(plain[known...])) < 1e-4, "known codes do not count like sampled ones")

  if layout.order == .independent {
    // Asked for together, some of them accepted, and the others asked for again.
    let state = decoder.makeState(DecodingStart(prefix: try decoder.prefix(ofClasses: [nil]), images: 1))
    for (done, position) in order.enumerated() {
      let open = Array(order[done...].reversed()), found = state.logits(at: .shared(open), conditions: .none)
      let row = Array(found.values.suffix(layout.vocab))
      expect(largest([row], [plain[done]]) < 1e-4, "predictions depend on what else is asked")
      state.accept([[codes(0)[position]]], at: .shared([position]))
    }
  }

  if layout.order != .raster {
    // Three images in orders of their own, in two copies, with condition tokens that differ everywhere.
    let tokensOfAll = normal([2 * 3 * tokens, layout.dim], 1), known = tokens / 4
    func steps(_ images: [Int]) throws -> [Tensor] {
      let orders = images.map { image in order.indices.map { order[($0 + image) % tokens] } }
      let prefix = try decoder.prefix(ofClasses: Array(repeating: nil, count: 2 * images.count))
      let state = decoder.makeState(DecodingStart(prefix: prefix, images: images.count, copies: 2))
      let conditions = StepConditions { positions in
        guard layout.injectableLayers > 0 else { return [:] }
        let rows = (0..<2).flatMap { copy in
          images.enumerated().flatMap { place, image in positions[place].map { (copy * 3 + image) * tokens + $0 } }
        }
        return [0: tokensOfAll.selectingRows(rows).reshaped(2 * images.count, positions.count, layout.dim)]
      }
      func accept(_ range: Range<Int>) {
        let positions = orders.map { Array($0[range]) }
        state.accept(
          zip(images, positions).map { image, positions in positions.map { codes(image)[$0] } }, at: .ofEach(positions))
      }
      if known > 0 { accept(0..<known) }
      return stride(from: known, to: tokens, by: 2).map { first in
        let step = first..<min(first + 2, tokens)
        let found = state.logits(at: .ofEach(orders.map { Array($0[step]) }), conditions: conditions)
        let kept = Tensor(shape: found.shape, values: found.values)
        accept(step)
        return kept
      }
    }
    let together = try steps([0, 1, 2])
    for image in 0..<3 {
      let alone = try steps([image])
      let isEqual = zip(together, alone).allSatisfy { together, alone in
        (0..<2).allSatisfy {
          together.slice($0 * 3 + image..<$0 * 3 + image + 1).values == alone.slice($0..<$0 + 1).values
        }
      }
      expect(isEqual && together.count == alone.count, "image \(image) with positions of its own depends on its batch")
    }
    expect(
      together[0].slice(0..<1).values != together[0].slice(1..<2).values, "positions of an image's own change nothing")
  }

  // Training predicts what sampling does, one code at a time.
  let rows = [codes(0), codes(1)]
  let loss = decoder.trainingLoss(
    codes: rows, orders: rows.map { _ in order }, prefix: try decoder.prefix(ofClasses: [nil, nil]), conditions: [:],
    dropout: nil)
  let steps = try logits([0, 1])
  var sum = 0.0
  for (values, position) in zip(steps, order) {
    let step = Tensor(shape: [2, layout.vocab], values: values)
    sum += Double(step.crossEntropy(rows.map { $0[position] }).scalar)
  }
  expect(abs(Double(loss.scalar) - sum / Double(tokens)) < 1e-4, "training and sampling differ")
}
