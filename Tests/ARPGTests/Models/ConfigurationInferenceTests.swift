import ARPG
import ARPGDecoder
import ARPGTensor
import Foundation
import TestSupport
import Testing

struct ConfigurationInferenceTests {
  private func read<Configuration: Decodable>(_ name: String, as _: Configuration.Type) throws -> Configuration {
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/config.json")))
    return try JSONDecoder().decode(Configuration.self, from: text)
  }

  @Test(arguments: ["arpg-tiny", "arpg-odd"])
  func decodersAreReadOffTheirShapes(name: String) throws {
    var expected = try read(name, as: TwoPassConfiguration.self)
    let source = try Checkpoint.open(Fixtures.path("\(name)/model.safetensors"))
    expected.hidden = try #require(source.shape(of: "layers.self_dec.0.ffn.w1.weight")).first ?? 0
    #expect(
      try TwoPassDecoder.configuration(
        of: source, DecoderHints(heads: expected.heads, grid: expected.grid)) == expected)
    let heads = try #require(throws: ConfigurationError.self) {
      try TwoPassDecoder.configuration(of: source, DecoderHints())
    }
    #expect(heads.description.hasSuffix("give heads"))
    let classes = try #require(throws: ConfigurationError.self) {
      try TwoPassDecoder.configuration(of: source, DecoderHints(heads: expected.heads, classes: 1))
    }
    #expect(classes.description.contains("give \(expected.classes)"))
  }

  @Test(arguments: ["vq-tiny", "vq-patch"])
  func tokenizersAreReadOffTheirShapes(name: String) throws {
    let expected = try read(name, as: VQConfiguration.self)
    let source = try Checkpoint.open(Fixtures.path("\(name)/model.safetensors"))
    #expect(try VQTokenizer.configuration(of: source, groups: expected.groups) == expected)
    if expected.groups == 32 {
      #expect(try VQTokenizer.configuration(of: source, groups: nil) == expected)
    } else {
      let error = try #require(throws: ConfigurationError.self) {
        try VQTokenizer.configuration(of: source, groups: nil)
      }
      #expect(error.description.hasSuffix("give groups"))
    }
  }

  @Test func otherCheckpointsAreNamed() throws {
    let source = ParameterSet(["a": Tensor(shape: [1], values: [0])], sourceName: "file")
    let decoder = #expect(throws: ConfigurationError.self) {
      try TwoPassDecoder.configuration(of: source, DecoderHints())
    }
    #expect(decoder?.description == "file: embeddings.weight is missing; expected a checkpoint of an ARPG decoder")
    let tokenizer = #expect(throws: ConfigurationError.self) { try VQTokenizer.configuration(of: source, groups: nil) }
    #expect(
      tokenizer?.description == "file: encoder.conv_in.weight is missing; expected a checkpoint of a VQ tokenizer")
  }

  @Test func publishedSizesAreValid() throws {
    for (dim, layers, heads, hidden) in [(1024, 24, 16, 2816), (1280, 36, 20, 3584), (1536, 48, 24, 4096)] {
      let configuration = TwoPassConfiguration(
        dim: dim, layers: layers, heads: heads, vocab: 16384, classes: 1000, tokens: 256)
      try configuration.validate()
      #expect(configuration.hidden == hidden)
      #expect(configuration.headDim == 64)
      #expect(configuration.grid == 16)
      #expect(configuration.embeddingRows == 17387)
    }
    let tokenizer = VQConfiguration()
    try tokenizer.validate()
    #expect(tokenizer.downsamplingFactor == 16)
  }

  @Test func impossibleSizesAreRefused() throws {
    let good = TwoPassConfiguration(dim: 16, layers: 2, heads: 2, vocab: 8, classes: 2, tokens: 16)
    try good.validate()
    let changes: [(WritableKeyPath<TwoPassConfiguration, Int>, [Int])] = [
      (\.dim, [0, -16, 18, 1 << 40]), (\.layers, [0, 3, 1 << 20]), (\.heads, [0, 3, 8, -2]), (\.hidden, [0, 1 << 40]),
      (\.vocab, [0, .max]), (\.classes, [0, .max]), (\.tokens, [0, 15, 1 << 20]),
    ]
    for (field, values) in changes {
      for value in values {
        var configuration = good
        configuration[keyPath: field] = value
        #expect(throws: ConfigurationError.self) { try configuration.validate() }
      }
    }
    var tokenizer = VQConfiguration()
    tokenizer.multipliers = []
    #expect(throws: ConfigurationError.self) { try tokenizer.validate() }
    tokenizer.multipliers = [1, 0]
    #expect(throws: ConfigurationError.self) { try tokenizer.validate() }
    tokenizer = VQConfiguration(groups: 48)
    #expect(throws: ConfigurationError.self) { try tokenizer.validate() }
  }
}
