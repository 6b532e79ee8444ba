import ARPG
import ARPGTensor
import TestSupport
import Testing

@Suite("Golden sampling cases")
struct GoldenSamplingTests {
  @Test("Codes are equal, logits within 2e-4", arguments: ["arpg-tiny", "arpg-odd"])
  func cases(_ name: String) throws {
    let golden = try GoldenDecoder(name)
    let decoder = try golden.load()
    let expected = try Checkpoint.open(Fixtures.path("\(name)/sample.safetensors"))
    for test in try golden.cases() {
      let id = "\(test.case)."
      let tokens = golden.configuration.tokens
      let order = try expected.integers(named: id + "order")
      let numbers = test.noise ? try expected.tensor(named: id + "uniform").values : []
      var controls = [ActiveControl(try GoldenDecoder.classPrefix(test.labels, of: decoder))]
      var layers: [Int: Tensor] = [:]
      for layer in test.controlLayers { layers[layer] = try expected.tensor(named: id + "control.\(layer)") }
      if !layers.isEmpty { controls.append(ActiveControl(Condition(tokens: layers))) }
      var request = SamplingRequest(
        images: Array(test.labels.indices), controls: controls, settings: test.settings,
        random: GivenRandomSource(order: order, numbers: numbers))
      if test.known {
        let positions = try expected.integers(named: id + "known_positions")
        let codes = try expected.integers(named: id + "known_codes")
        request.known = KnownCodes(
          positions: positions,
          codes: test.labels.indices.map { Array(codes[$0 * positions.count..<($0 + 1) * positions.count]) })
      }
      let run = try Sampler(decoder).start(request)
      var logits: [Tensor] = []
      run.observeLogits = { logits.append($1) }
      while run.next() != nil {}

      #expect(run.stepSizes == test.stepSizes, "\(name) \(test.case)")
      let codes = try expected.integers(named: id + "codes")
      #expect(run.codes.flatMap { $0 } == codes, "\(name) \(test.case)")
      #expect(run.codes.allSatisfy { $0.count == tokens })
      let first = try #require(logits.first), last = try #require(logits.last)
      #expect(first.largestDifference(from: try expected.tensor(named: id + "first_logits")) < 2e-4)
      #expect(last.largestDifference(from: try expected.tensor(named: id + "last_logits")) < 2e-4)
    }
  }
}
