import ARPG
import ARPGDecoder
import ARPGTensor
import TestSupport
import Testing

@Suite("The two-pass decoder in training")
struct TwoPassTrainingTests {
  @Test("Dropout changes the loss of training, and another step drops other values")
  func dropout() throws {
    let golden = try GoldenDecoder("arpg-tiny")
    let decoder = try golden.load()
    let tokens = golden.configuration.tokens
    func loss(_ dropout: Dropout?) -> Float {
      decoder.trainingLoss(
        codes: [Array(0..<tokens)], orders: [Array(0..<tokens)], prefix: decoder.embed([130]).reshaped(1, 1, 32),
        conditions: [:], dropout: dropout
      ).scalar
    }
    let plain = loss(nil)
    #expect(loss(Dropout(rate: 0, seed: 1, step: 1)) == plain)
    let first = loss(Dropout(rate: 0.2, seed: 1, step: 1))
    #expect(first != plain && first == loss(Dropout(rate: 0.2, seed: 1, step: 1)))
    #expect(first != loss(Dropout(rate: 0.2, seed: 1, step: 2)))
    #expect(first != loss(Dropout(rate: 0.2, seed: 2, step: 1)))
  }

  @Test("With several tokens in front, a prediction sees all of them and the codes before it", arguments: [1, 2, 4])
  func longPrefix(_ length: Int) throws {
    let golden = try GoldenDecoder("arpg-tiny")
    let decoder = try golden.load(), configuration = golden.configuration
    let tokens = configuration.tokens, dim = configuration.dim, generator = Philox(seed: 8)
    let prefix = generator.normalTensor(shape: [1, length, dim], deviation: 1, number: 0, purpose: .custom(90))
    let condition = generator.normalTensor(shape: [1, tokens, dim], deviation: 1, number: 1, purpose: .custom(90))
    let order = (0..<tokens).map { ($0 * 7 + 3) % tokens }
    #expect(Set(order).count == tokens)
    let codes = (0..<tokens).map { $0 * 5 % configuration.vocab }
    let found = decoder.trainingLoss(
      codes: [codes], orders: [order], prefix: prefix, conditions: [0: condition], dropout: nil)
    var sum = 0.0
    for (step, position) in order.enumerated() {
      let known = order.prefix(step)
      let input =
        known.isEmpty ? prefix : prefix.joined(with: decoder.embed(known.map { codes[$0] }).reshaped(1, step, dim))
      let context = decoder.firstPass(
        input, positions: Array(repeating: 0, count: length) + known.map { $0 + 1 }, causal: true)
      let row = condition.reshaped(tokens, dim).slice(position..<position + 1).reshaped(1, 1, dim)
      let logits = decoder.secondPass(1, positions: [position + 1], context: context, conditions: [0: row])
      sum += Double(logits.crossEntropy([codes[position]]).scalar)
    }
    #expect(abs(Double(found.scalar) - sum / Double(tokens)) < 1e-4)
  }

  @Test("The rules of a decoder family hold", arguments: ["arpg-tiny", "arpg-odd"])
  func contract(_ name: String) throws { try expectDecoderContract(GoldenDecoder(name).load()) }
}
