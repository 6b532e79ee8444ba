import ARPG
import ARPGDecoder
import ARPGTensor
import TestSupport
import Testing

@Suite("Requests in one batch")
struct MergedRequestTests {
  private let decoder: TwoPassDecoder

  init() throws { decoder = try GoldenDecoder("arpg-odd").load() }

  @Test("Requests of all kinds are each what it is alone", .serialized, arguments: ["arpg-tiny", "arpg-odd"], [1, 2])
  func merged(_ name: String, threads: Int) throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = threads
    try expectMergedRequests(GoldenDecoder(name).load())
  }

  @Test("Orders by edges and by confidence of one batch are those of its images one by one", arguments: [true, false])
  func orders(byConfidence: Bool) throws {
    let source = MergedRequests(decoder, seed: 7)
    let requests = try (0..<4).map { try source.request($0, order: byConfidence ? .confidence : .edges) }
    try expectMerged(requests, by: decoder)
    let run = try Sampler(decoder).start(requests)
    while run.next() != nil {}
    #expect(Set(run.orders).count > 3)
  }

  @Test("Controls of each request may change between steps, and change nothing of the others")
  func live() throws {
    let source = MergedRequests(decoder, seed: 1)
    let requests = try (0..<3).map { try source.request($0, apart: 1) }
    let run = try Sampler(decoder).start(requests), untouched = try Sampler(decoder).sample(requests[2])
    let alone = try Sampler(decoder).start(requests[1]), last = alone.controls.count - 1
    for step in 0... {
      if step == 2 {
        run[controlsOf: 1][last].strength = 40
        alone.controls[last].strength = 40
      }
      let (taken, own) = (run.next(), alone.next())
      #expect(taken?.done == own?.done)
      if taken == nil { break }
    }
    let first = requests[0].count, second = first + requests[1].count
    #expect(Array(run.codes[first..<second]) == alone.codes && Array(run.codes[second...]) == untouched)
    #expect(try alone.codes != Sampler(decoder).sample(requests[1]))
  }

  @Test("Requests go together where their shapes are equal; others are refused, and what differs is told")
  func shapes() throws {
    let sampler = Sampler(decoder), source = MergedRequests(decoder, seed: 1), base = try source.request(0)
    let shape = try sampler.shape(of: base)
    for index in 0..<32 { #expect(try sampler.shape(of: source.request(index)) == shape) }
    #expect(shape.stepSizes.reduce(0, +) == decoder.layout.tokens && shape.batchSize == 16)

    let long = Tensor(shape: [1, 3, decoder.layout.dim], repeating: 0.5)
    let changes: [(String, (inout SamplingRequest) -> Void)] = [
      ("steps of requests in one batch: found 7 for 64 codes and 5 for 64 codes", { $0.settings.steps = 7 }),
      ("steps", { $0.settings.schedule = .cosine }),
      ("steps", { $0.known = KnownCodes(positions: [2], codes: $0.images.map { _ in [1] }) }),
      ("rows for guidance of requests in one batch: found 1 and 2", { $0.settings.guidance = 1 }),
      ("rows for guidance", { $0.settings.controlGuidance = 2 }),
      (
        "length of the prefixes",
        { $0.controls.append(ActiveControl(Condition(prefix: .init(embeddings: long, null: long)))) }
      ),
      ("order by confidence", { $0.settings.order = .confidence }),
    ]
    for (message, change) in changes {
      var other = base
      change(&other)
      #expect(try sampler.shape(of: other) != shape && sampler.shape(of: other) == sampler.shape(of: other))
      let error = #expect(throws: SamplingError.self) { try sampler.start([base, other]) }
      let text = error?.description ?? ""
      #expect(text.contains(message) && text.contains("the same in all") && !text.contains("\n"), "\(text)")
      try expectMerged([other, other], by: decoder)
    }
    var bad = base
    bad.settings.steps = 0
    #expect(throws: SamplingError.self) { try sampler.shape(of: bad) }
    #expect(throws: SamplingError.self) { try sampler.start([base, bad]) }
    #expect(throws: SamplingError.self) { try sampler.start([]) }
  }

  @Test("The batch keeps the logits of a step within a quarter of a gigabyte")
  func batchSize() throws {
    let configuration = TwoPassConfiguration(dim: 8, layers: 2, heads: 2, vocab: 1 << 14, classes: 2, tokens: 1024)
    let large = TwoPassDecoder(
      configuration, ParameterReader(tensors: TwoPassDecoder.initialParameters(configuration, seed: 1)))
    var request = SamplingRequest()
    (request.settings.steps, request.settings.guidance) = (1, 1)
    // 2^10 positions of 2^14 codes of 4 bytes are 2^26.
    #expect(try Sampler(large).shape(of: request).batchSize == 4)
    request.settings.guidance = 2
    #expect(try Sampler(large).shape(of: request).batchSize == 2)
    request.settings.steps = 1024
    #expect(try Sampler(large).shape(of: request).batchSize == 16)
    request.settings.order = .confidence
    #expect(try Sampler(large).shape(of: request).batchSize == 2)
  }
}
