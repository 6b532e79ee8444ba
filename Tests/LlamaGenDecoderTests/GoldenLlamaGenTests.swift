import ARPG
import ARPGTensor
import Foundation
import LlamaGenDecoder
import TestSupport
import Testing

/// One sampling case.
private struct Case: Decodable {
  let `case`: Int
  let guidance: Float
  let guidanceUntil: Int
  let temperature: Float
  let topK: Int
  let topP: Float
  let tokens: Int
  let labels: [Int]?
  let masked: Bool?
  let noise: Bool

  var settings: SamplingSettings {
    var settings = SamplingSettings()
    settings.schedule = .single
    settings.steps = 16
    settings.guidance = guidance
    // The published interval k guides codes 0 ... k + 1.
    settings.guidedTokens = guidanceUntil < 0 ? nil : guidanceUntil + 2
    settings.temperature = temperature
    settings.topK = noise ? topK : 1
    settings.topP = topP
    return settings
  }
}

@Suite("Golden cases of LlamaGen")
struct GoldenLlamaGenTests {
  private func part(_ name: String) throws -> DecoderPart {
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/config.json")))
    var configuration = try JSONDecoder().decode(LlamaGenConfiguration.self, from: text)
    configuration.sizes.hidden = name == "llamagen-tiny" ? 128 : 96
    return DecoderPart(LlamaGenDecoder.self, configuration)
  }

  private func checkpoint(_ name: String) throws -> Checkpoint {
    try Checkpoint.open(Fixtures.path("\(name)/model.safetensors"))
  }

  /// The texts of a case: the rows that are valid where there is a mask, all rows otherwise.
  private func texts(_ test: Case, _ expected: Checkpoint) throws -> [Tensor] {
    let captions = try expected.tensor(named: "\(test.case).captions"), rows = captions.shape[1]
    let lengths = try expected.integers(named: "\(test.case).lengths")
    return lengths.enumerated().map { image, length in
      let caption = captions.slice(image..<image + 1).reshaped(rows, captions.shape[2])
      return test.masked == true ? caption.slice(rows - length..<rows) : caption
    }
  }

  @Test("Codes are equal, logits within 2e-4", arguments: ["llamagen-tiny", "llamagen-t2i-tiny"])
  func cases(_ name: String) throws {
    let reader = JSONDecoder()
    reader.keyDecodingStrategy = .convertFromSnakeCase
    let cases = try reader.decode(
      [Case].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/cases.json"))))
    let expected = try Checkpoint.open(Fixtures.path("\(name)/cases.safetensors"))
    let decoder = try part(name).load(checkpoint(name))
    #expect(cases.count >= 8)
    for test in cases {
      let id = "\(test.case)."
      let prefix =
        try test.labels.map {
          Condition.Prefix(embeddings: try decoder.prefix(ofClasses: $0), null: decoder.nullPrefix, replacesNull: true)
        } ?? decoder.prefix(ofTexts: texts(test, expected))
      let numbers = test.noise ? try expected.tensor(named: id + "uniform").values : []
      let run = try Sampler(decoder).start(
        SamplingRequest(
          images: [0, 1], controls: [ActiveControl(Condition(prefix: prefix))], settings: test.settings,
          random: GivenRandomSource(order: Array(0..<16), numbers: numbers)))
      var logits: [Tensor] = []
      run.observeLogits = { logits.append($1) }
      while run.next() != nil {}
      let codes = try expected.integers(named: id + "codes")
      #expect(run.codes.flatMap { $0.prefix(test.tokens) } == codes, "\(name) \(test.case)")
      func expectLogits(_ found: Tensor, _ key: String) throws {
        let difference = found.largestDifference(from: try expected.tensor(named: id + key))
        #expect(difference < 2e-4, "\(name) \(test.case) \(key): \(difference)")
      }
      try expectLogits(logits[0], "first_logits")
      try expectLogits(logits[test.tokens - 1], "last_logits")
      if test.case == 0 {
        try expectLogits(logits.dropFirst().reduce(logits[0]) { $0.joined(with: $1) }, "logits")
      }
    }
  }

  @Test("Loss within 1e-5, gradients within 1e-4 of each tensor's largest")
  func training() throws {
    let golden = try Checkpoint.open(Fixtures.path("llamagen-tiny/train.safetensors"))
    try expectGoldenTraining(try part("llamagen-tiny"), try checkpoint("llamagen-tiny"), golden)
  }

  @Test("Sizes are read off the tensors", arguments: ["llamagen-tiny", "llamagen-t2i-tiny"])
  func inference(_ name: String) throws {
    let source = try checkpoint(name)
    var registries = Registries.twoPass
    try LlamaGenDecoder.register(in: &registries)
    let found = try DecoderPart(inferredFrom: source, DecoderHints(heads: 2, grid: 4), in: registries.decoders)
    #expect(try found == part(name))
    try found.check(source)
    let stored: DecoderPart = try DecoderPart(
      "llamagen", sizes: JSONValue(encoding: found.configuration), in: registries.decoders)
    #expect(stored == found)
  }

  @Test("The rules of a decoder family hold", arguments: ["llamagen-tiny", "llamagen-t2i-tiny"])
  func contract(_ name: String) throws { try expectDecoderContract(part(name).load(checkpoint(name))) }

  @Test(
    "Requests of all kinds in one batch are each what it is alone", arguments: ["llamagen-tiny", "llamagen-t2i-tiny"])
  func merged(_ name: String) throws { try expectMergedRequests(part(name).load(checkpoint(name))) }

  @Test("The rules of a decoder family hold on another grid")
  func otherGrid() throws {
    let large = try part("llamagen-tiny").load(checkpoint("llamagen-tiny")).extended(toRows: 5, columns: 8)
    #expect(large.layout.tokens == 40)
    try expectDecoderContract(large)
  }
}
