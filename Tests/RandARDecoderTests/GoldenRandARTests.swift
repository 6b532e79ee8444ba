import ARPG
import ARPGTensor
import Foundation
import LlamaGenDecoder
import RandARDecoder
import TestSupport
import Testing

/// One sampling case; cases whose name begins with `double` are of twice the side.
private struct Case: Decodable {
  let name: String
  let steps: Int
  let guidance: [Float]
  let temperature: Float
  let topK: Int
  let topP: Float
  let labels: [Int]
  let known: Int?
  let spatial: [Float]?
  let noise: Bool
  let stepSizes: [Int]

  private enum CodingKeys: String, CodingKey {
    case name = "case"
    case steps, guidance, temperature, labels, known, spatial, noise
    case topK = "top_k"
    case topP = "top_p"
    case stepSizes = "step_sizes"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let number = try? container.decode(Int.self, forKey: .name)
    name = try number.map(String.init) ?? container.decode(String.self, forKey: .name)
    steps = try container.decode(Int.self, forKey: .steps)
    guidance = try container.decode([Float].self, forKey: .guidance)
    temperature = try container.decode(Float.self, forKey: .temperature)
    topK = try container.decode(Int.self, forKey: .topK)
    topP = try container.decode(Float.self, forKey: .topP)
    labels = try container.decode([Int].self, forKey: .labels)
    known = try container.decodeIfPresent(Int.self, forKey: .known)
    spatial = try container.decodeIfPresent([Float].self, forKey: .spatial)
    noise = try container.decode(Bool.self, forKey: .noise)
    stepSizes = try container.decode([Int].self, forKey: .stepSizes)
  }

  func settings(tokens: Int) -> SamplingSettings {
    var settings = SamplingSettings()
    settings.schedule = RandARSchedule.name
    settings.steps = steps < 0 ? tokens : steps
    settings.guidanceSchedule = .linear
    (settings.guidanceStart, settings.guidance) = (guidance[0], guidance[1])
    settings.temperature = temperature
    settings.topK = noise ? topK : 1
    settings.topP = topP
    return settings
  }
}

@Suite("Golden cases of RandAR")
struct GoldenRandARTests {
  private let checkpoint: Checkpoint
  private let expected: Checkpoint
  private let configuration: RandARConfiguration
  private let decoder: RandARDecoder
  private let cases: [Case]

  init() throws {
    func data(_ name: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("randar-tiny/\(name)")))
    }
    checkpoint = try Checkpoint.open(Fixtures.path("randar-tiny/model.safetensors"))
    expected = try Checkpoint.open(Fixtures.path("randar-tiny/cases.safetensors"))
    var configuration = try JSONDecoder().decode(RandARConfiguration.self, from: data("config.json"))
    configuration.sizes.hidden = 128
    self.configuration = configuration
    decoder = try RandARDecoder.load(configuration, from: checkpoint)
    cases = try JSONDecoder().decode([Case].self, from: data("cases.json"))
  }

  /// The values of one image of a tensor of integers.
  private func integers(_ key: String, of image: Int, in count: Int = 2) throws -> [Int] {
    let values = try expected.integers(named: key), length = values.count / count
    return Array(values[image * length..<(image + 1) * length])
  }

  private func floats(_ key: String, of image: Int) throws -> [Float] {
    let values = try expected.tensor(named: key).values, length = values.count / 2
    return Array(values[image * length..<(image + 1) * length])
  }

  private func expectLogits(_ found: Tensor?, _ key: String, of image: Int) throws {
    let difference = try #require(found).largestDifference(
      from: try expected.tensor(named: key).slice(image..<image + 1))
    #expect(difference < 2e-4, "\(key) of image \(image): \(difference)")
  }

  @Test("Codes and step sizes are equal, logits within 2e-4; each image has an order of its own")
  func sampling() throws {
    let tests = cases.filter { !$0.name.hasPrefix("double") }
    #expect(tests.count == 15)
    for test in tests {
      for image in 0..<2 {
        let order = try integers("\(test.name).orders", of: image), known = test.known ?? 0
        let numbers = test.noise ? try floats("\(test.name).uniform", of: image) : []
        let label = try decoder.prefix(ofClasses: [test.labels[image]])
        var request = SamplingRequest(
          controls: [
            ActiveControl(Condition(prefix: .init(embeddings: label, null: decoder.nullPrefix, replacesNull: true)))
          ],
          settings: test.settings(tokens: 16 - known), random: GivenRandomSource(order: order, numbers: numbers))
        if known > 0 {
          request.known = KnownCodes(
            positions: Array(order[..<known]), codes: [try integers("\(test.name).known_codes", of: image)])
        }
        let run = try Sampler(decoder).start(request)
        var logits: [Tensor] = []
        run.observeLogits = { logits.append($1) }
        while run.next() != nil {}
        #expect(run.stepSizes == test.stepSizes, "\(test.name)")
        #expect(try run.codes[0] == integers("\(test.name).codes", of: image), "\(test.name), image \(image)")
        try expectLogits(logits.first, "\(test.name).first_logits", of: image)
        try expectLogits(logits.last, "\(test.name).last_logits", of: image)
        if test.name == "0" {
          try expectLogits(logits.dropFirst().reduce(logits[0]) { $0.joined(with: $1) }, "0.logits", of: image)
        }
      }
    }
  }

  @Test("Twice the side: codes are equal, logits within 2e-4")
  func extrapolation() throws {
    let tests = cases.filter { $0.name.hasPrefix("double") }
    #expect(tests.count == 3)
    for test in tests {
      for image in 0..<2 {
        let order = try integers("\(test.name).orders", of: image)
        var numbers: [Float] = []
        if test.noise {
          numbers = try floats("\(test.name).uniform", of: image)
          for (position, number) in try floats("\(test.name).low_uniform", of: image).enumerated() {
            numbers[position / 4 * 16 + position % 4 * 2] = number
          }
        }
        var extrapolation = RandARExtrapolation(decoder, settings: test.settings(tokens: 64))
        extrapolation.spatialGuidance = (try #require(test.spatial)[0], try #require(test.spatial)[1])
        var logits: [Tensor] = []
        let codes = try extrapolation.sample(
          classes: [test.labels[image]], images: [0], random: GivenRandomSource(order: order, numbers: numbers),
          blanked: [try integers("\(test.name).hidden", of: image).map { $0 != 0 }]
        ) { logits.append($1) }
        #expect(try codes[0] == integers("\(test.name).codes", of: image), "\(test.name), image \(image)")
        try expectLogits(logits.first, "\(test.name).first_logits", of: image)
        try expectLogits(logits.last, "\(test.name).last_logits", of: image)
      }
    }
  }

  @Test("Sampling with a smaller grid in front is the extrapolation, and other sizes are refused")
  func sized() throws {
    let large = try decoder.extended(toRows: 8, columns: 8)
    var settings = SamplingSettings()
    (settings.schedule, settings.steps, settings.guidance) = (RandARSchedule.name, 64, 2.5)
    let random = SeededRandomSource(seed: 4)
    var request = SamplingRequest(
      images: [0, 6], controls: [ActiveControl(try GoldenDecoder.classPrefix([1, 0], of: decoder))], settings: settings,
      random: random)
    request.coarse = CoarseGrid(decoder.layout, spreadOverRows: 8, columns: 8, decoder: decoder)
    let extrapolated = try RandARExtrapolation(decoder, settings: settings)
      .sample(classes: [1, 0], images: [0, 6], random: random)
    #expect(try Sampler(large).sample(request) == extrapolated)
    try expectDecoderContract(large)
    for (rows, columns) in [(8, 4), (6, 6), (12, 12), (1, 1)] {
      let error = #expect(throws: DecoderError.self) { try decoder.extended(toRows: rows, columns: columns) }
      #expect(error?.description.contains("only of 4 x 4 and 8 x 8") == true)
    }
  }

  @Test("Step sizes are those of the golden schedules")
  func schedules() throws {
    struct Golden: Decodable { let tokens, steps, done: Int; let sizes: [Int] }
    let text = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("randar-tiny/schedules.json")))
    let cases = try JSONDecoder().decode([Golden].self, from: text)
    #expect(cases.count > 10)
    for test in cases {
      let steps = test.steps < 0 ? test.tokens : test.steps
      #expect(RandARSchedule.sizes(tokens: test.tokens, steps: steps, done: test.done) == test.sizes)
    }
  }

  @Test("Loss within 1e-5, gradients within 1e-4 of each tensor's largest")
  func training() throws {
    let golden = try Checkpoint.open(Fixtures.path("randar-tiny/train.safetensors"))
    try expectGoldenTraining(DecoderPart(RandARDecoder.self, configuration), checkpoint, golden)
  }

  @Test("Sizes are read off the tensors; codes of MaskGIT's tokenizer are refused")
  func inference() throws {
    let found = try RandARDecoder.configuration(of: checkpoint, DecoderHints(heads: 2, grid: 4))
    #expect(found == configuration)
    #expect(RandARDecoder.recognizes(checkpoint) && !LlamaGenDecoder.recognizes(checkpoint))
    var tensors: [String: Tensor] = [:]
    for name in checkpoint.names { tensors[name] = try checkpoint.tensor(named: name) }
    tensors["tok_embeddings.weight"] = Tensor(shape: [1024, 40], repeating: 0)
    let error = #expect(throws: ConfigurationError.self) {
      try RandARDecoder.configuration(of: ParameterSet(tensors), DecoderHints(heads: 2))
    }
    #expect(error?.description.contains("MaskGIT's tokenizer") == true)
  }

  @Test("The rules of a decoder family hold")
  func contract() throws { try expectDecoderContract(decoder) }

  @Test("Requests of all kinds in one batch are each what it is alone")
  func merged() throws { try expectMergedRequests(decoder) }
}
