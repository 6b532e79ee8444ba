import ARPG
import ARPGDecoder
import ARPGTensor
import TestSupport
import Testing

@Suite("Properties of sampling")
struct SamplingPropertyTests {
  private let golden: GoldenDecoder
  private let decoder: TwoPassDecoder

  init() throws {
    golden = try GoldenDecoder("arpg-odd")
    decoder = try golden.load()
  }

  private var tokens: Int { golden.configuration.tokens }

  private func condition(seed: UInt64, batch: Int = 1) -> Condition {
    let generator = Philox(seed: seed)
    let shape = [batch, tokens, golden.configuration.dim]
    let values = (0..<shape.reduce(1, *)).map { Float(generator.uniform(at: SIMD4(UInt32($0), 0, 0, 0)) - 0.5) }
    return Condition(tokens: [0: Tensor(shape: shape, values: values), 2: Tensor(shape: shape, values: values)])
  }

  private func request(_ controls: [ActiveControl], images: [Int] = [0], seed: UInt64 = 3) -> SamplingRequest {
    var settings = SamplingSettings()
    settings.steps = 9
    settings.guidance = 2
    return SamplingRequest(
      images: images, controls: controls, settings: settings, random: SeededRandomSource(seed: seed))
  }

  /// The logits of every step and the codes.
  private func outcome(_ request: SamplingRequest) throws -> (logits: [[Float]], codes: [[Int]]) {
    let run = try Sampler(decoder).start(request)
    var logits: [[Float]] = []
    run.observeLogits = { logits.append($1.values) }
    while run.next() != nil {}
    return (logits, run.codes)
  }

  @Test("Zero strength, an empty window and an empty region are no control, bit for bit")
  func switchedOff() throws {
    let plain = try outcome(request([]))
    let control = condition(seed: 1)
    let off = [
      ActiveControl(control, strength: 0),
      ActiveControl(control, window: 0.4..<0.4),
      ActiveControl(control, region: Array(repeating: 0, count: tokens)),
    ]
    for control in off { #expect(try outcome(request([control])) == plain) }
    #expect(try outcome(request([ActiveControl(control)])).logits != plain.logits)
  }

  @Test("Two controls are their sum, in either order")
  func sum() throws {
    let a = condition(seed: 1), b = condition(seed: 2)
    var both = Condition()
    for (layer, tokens) in a.tokens { both.tokens[layer] = b.tokens[layer].map { tokens + $0 } }
    let expected = try outcome(request([ActiveControl(both)]))
    #expect(try outcome(request([ActiveControl(a), ActiveControl(b)])) == expected)
    #expect(try outcome(request([ActiveControl(b), ActiveControl(a)])) == expected)
  }

  @Test("A control acts only inside its window and region")
  func windowAndRegion() throws {
    let plain = try outcome(request([])), control = condition(seed: 1)
    let late = try outcome(request([ActiveControl(control, window: 0.5..<1)]))
    #expect(late.logits[0] == plain.logits[0] && late.logits[1] == plain.logits[1])
    #expect(late.logits.last != plain.logits.last)

    let order = SeededRandomSource(seed: 3).order(tokens: tokens)
    var region = Array(repeating: Float(0), count: tokens)
    region[order[0]] = 1
    let spot = try outcome(request([ActiveControl(control, region: region)]))
    let vocab = golden.configuration.vocab
    #expect(spot.logits[0].prefix(vocab) != plain.logits[0].prefix(vocab))
    #expect(spot.logits[0].dropFirst(vocab) == plain.logits[0].dropFirst(vocab))
  }

  @Test("Controls may change between steps without touching the cache")
  func changedMidway() throws {
    let run = try Sampler(decoder).start(request([]))
    _ = run.next()
    run.controls = [ActiveControl(condition(seed: 1))]
    while run.next() != nil {}
    let firstStep = run.stepSizes[0]
    let whole = try outcome(
      request([ActiveControl(condition(seed: 1), window: Double(firstStep) / Double(tokens)..<1)]))
    #expect(run.codes == whole.codes)
  }

  @Test("A batch is its images made one by one, whatever the threads", .serialized, arguments: [1, 2])
  func batches(threads: Int) throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = threads
    let control = condition(seed: 5, batch: 3)
    let whole = try outcome(request([ActiveControl(control)], images: [0, 1, 2]))
    for image in 0..<3 {
      var single = Condition()
      for (layer, tokens) in control.tokens { single.tokens[layer] = tokens.slice(image..<image + 1) }
      var request = request([ActiveControl(single)])
      request.images = [image]
      let alone = try outcome(request)
      #expect(alone.codes[0] == whole.codes[image])
      for (a, b) in zip(alone.logits, whole.logits) {
        #expect(a == Array(b[image * a.count..<(image + 1) * a.count]))
      }
    }
  }

  @Test("Every position is decoded exactly once, in the order of the seed")
  func coverage() throws {
    let run = try Sampler(decoder).start(request([]))
    var seen: [Int] = []
    while let step = run.next() {
      seen += step.positions[0]
      #expect(step.done == seen.count && step.total == tokens)
    }
    #expect([seen] == run.orders && seen.sorted() == Array(0..<tokens))
    #expect(run.isDecoded[0].allSatisfy { $0 })
  }

  @Test("Separate guidance with the scale of joint guidance at 1 is joint guidance of the class alone")
  func separateGuidance() throws {
    let label = try GoldenDecoder.classPrefix([2], of: decoder)
    var separate = request([ActiveControl(label)])
    separate.settings.controlGuidance = 4
    let joint = try outcome(request([ActiveControl(label)]))
    let found = try outcome(separate)
    #expect(found.codes == joint.codes)
    #expect(zip(found.logits.joined(), joint.logits.joined()).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("Requests that do not fit are refused")
  func refusals() {
    var bad = request([])
    bad.settings.topP = 1.5
    #expect(throws: SamplingError.outOfRange(setting: "top-p", found: "1.5", expected: "0 to 1")) {
      try Sampler(decoder).start(bad)
    }
    let misfit = Condition(tokens: [0: Tensor(shape: [1, 5, 5], repeating: 0)])
    #expect(throws: SamplingError.self) { try Sampler(decoder).start(request([ActiveControl(misfit)])) }
    let deep = Condition(tokens: [99: condition(seed: 1).tokens[0] ?? Tensor(shape: [], values: [0])])
    #expect(throws: SamplingError.self) { try Sampler(decoder).start(request([ActiveControl(deep)])) }
    var known = request([])
    known.known = KnownCodes(positions: [0, 0], codes: [[1, 1]])
    #expect(throws: SamplingError.self) { try Sampler(decoder).start(known) }
  }
}
