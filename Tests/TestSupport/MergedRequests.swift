import ARPG
import ARPGTensor
import Testing

/// Requests that differ in all that may differ in one batch, for a decoder of some weights.
public struct MergedRequests {
  private let decoder: any ImageDecoder
  private let generator: Philox

  /// Requests from a seed.
  public init(_ decoder: any ImageDecoder, seed: UInt64) {
    self.decoder = decoder
    generator = Philox(seed: seed)
  }

  private func uniform(_ index: Int, _ what: UInt32) -> Double {
    generator.uniform(at: SIMD4(UInt32(index), what, 0, RandomPurpose.custom(91).number))
  }

  private func choice<Value>(_ values: [Value], _ index: Int, _ what: UInt32) -> Value {
    values[Int(uniform(index, what) * Double(values.count))]
  }

  /// A request for one image or two, with a class or a text, or none, and up to two other controls.
  ///
  /// - Parameters:
  ///   - apart: how many controls have a scale of guidance of their own.
  ///   - order: nil for one that differs from request to request.
  ///   - known: how many codes are given.
  public func request(_ index: Int, apart: Int = 0, order: DecodingOrder? = nil, known: Int = 0) throws
    -> SamplingRequest
  {
    let layout = decoder.layout, images = choice([1, 1, 2], index, 0)
    var settings = SamplingSettings()
    settings.schedule = type(of: decoder).schedules[0].name
    settings.steps = layout.order == .raster ? layout.tokens : 5
    settings.guidance = choice([1.5, 2, 3.25, 6], index, 1)
    settings.guidanceSchedule = choice(GuidanceSchedule.allCases, index, 2)
    settings.temperature = choice([0.5, 1, 1.25], index, 3)
    settings.topK = choice([0, 1, 2, 4], index, 4)
    settings.topP = choice([1, 0.9, 0.5], index, 5)
    settings.guidanceInterval = choice([nil, nil, 0.2..<0.8], index, 6)
    settings.guidedTokens = choice([nil, nil, layout.tokens / 2], index, 7)
    if layout.order != .raster {
      let detail: [DecodingOrder?] = [nil, .random, .raster, .spiral, .center, .edges]
      settings.order = order ?? choice(detail, index, 8)
    }
    let controls = (0..<max(apart, choice([0, 1, 2], index, 9))).map { number in
      control(index, number, images: images, guidance: number < apart ? choice([0.5, 2], index, 10) : nil)
    }
    var request = SamplingRequest(
      images: (0..<images).map { $0 + Int(100 * uniform(index, 11)) },
      controls: try prefix(index, images: images) + controls + [shown(index, images: images)], settings: settings,
      random: SeededRandomSource(seed: UInt64(1000 * uniform(index, 12))))
    if known > 0 {
      let positions =
        layout.order == .raster
        ? Array(0..<known)
        : SeededRandomSource(seed: UInt64(index))
          .order(tokens: layout.tokens).prefix(known).map { $0 }
      request.known = KnownCodes(
        positions: positions, codes: (0..<images).map { image in positions.map { ($0 + image + index) % layout.vocab } }
      )
    }
    return request
  }

  /// A class for each image, a text of another length for each, or nothing.
  private func prefix(_ index: Int, images: Int) throws -> [ActiveControl] {
    let layout = decoder.layout
    if let text = layout.text {
      let features = (0..<images).map { image in
        let length = image == 0 ? text.maxLength : 1 + (index + image) % text.maxLength
        return generator.normalTensor(
          shape: [length, text.width], deviation: 1, number: 7 * index + image, purpose: .custom(92))
      }
      return [ActiveControl(Condition(prefix: try decoder.prefix(ofTexts: features)))]
    }
    guard layout.classes > 0, uniform(index, 13) < 0.8 else { return [] }
    return [
      ActiveControl(try GoldenDecoder.classPrefix((0..<images).map { (index + $0) % layout.classes }, of: decoder))
    ]
  }

  private func control(_ index: Int, _ number: Int, images: Int, guidance: Float?) -> ActiveControl {
    let layout = decoder.layout, batch = choice([1, images], index, 14)
    let tokens = generator.normalTensor(
      shape: [batch, layout.tokens, layout.dim], deviation: 0.5, number: 7 * index + number, purpose: .custom(93))
    let layer = choice(Array(0..<layout.injectableLayers), index, UInt32(20 + number))
    var control = ActiveControl(Condition(tokens: [layer: tokens]), guidance: guidance)
    control.strength = choice([1, 0.3, -0.5, 2], index, UInt32(30 + number))
    control.window = choice([0..<1, 0..<0.5, 0.4..<1], index, UInt32(40 + number))
    if guidance == nil, uniform(index, UInt32(50 + number)) < 0.3 { control.strength = 0 }
    if uniform(index, UInt32(60 + number)) < 0.5 {
      control.region = (0..<layout.tokens).map { Float(($0 + index) % 3) / 2 }
    }
    return control
  }

  /// A control that says where an order by edges begins, in each image elsewhere, and next to nothing besides.
  private func shown(_ index: Int, images: Int) -> ActiveControl {
    let layout = decoder.layout
    return ActiveControl(
      Condition(tokens: [0: Tensor(shape: [1, layout.tokens, layout.dim], repeating: 0.125)]),
      detail: (0..<images).map { image in
        (0..<layout.tokens).map { Float(($0 * 5 + 3 * image + index) % layout.tokens) }
      })
  }
}

/// Checks that requests in one batch have, bit for bit, the logits, orders and codes of each alone.
public func expectMerged(
  _ requests: [SamplingRequest], by decoder: any ImageDecoder, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  func outcome(_ requests: [SamplingRequest]) throws -> (logits: [[Float]], run: SamplingRun) {
    let run = try Sampler(decoder).start(requests)
    // For each image, all steps one behind the other.
    var logits = run.codes.map { _ in [Float]() }
    run.observeLogits = { step, tensor in
      for image in logits.indices { logits[image] += tensor.slice(image..<image + 1).values }
    }
    while run.next() != nil {}
    return (logits, run)
  }
  let together = try outcome(requests)
  var image = 0
  for (index, request) in requests.enumerated() {
    let alone = try outcome([request])
    for own in 0..<request.count {
      #expect(
        together.logits[image] == alone.logits[own] && together.run.codes[image] == alone.run.codes[own]
          && together.run.orders[image] == alone.run.orders[own] && together.run.isDecoded[image].allSatisfy { $0 },
        "image \(own) of request \(index) depends on the others", sourceLocation: sourceLocation)
      image += 1
    }
  }
  #expect(
    image == together.run.codes.count && together.logits.allSatisfy { !$0.isEmpty }, sourceLocation: sourceLocation)
}

/// Checks that requests of all kinds may be decoded in one batch by a decoder of some weights.
public func expectMergedRequests(_ decoder: any ImageDecoder, sourceLocation: SourceLocation = #_sourceLocation) throws
{
  for (seed, count, apart, known) in [(UInt64(1), 32, 0, 0), (2, 5, 1, 0), (3, 6, 0, 3), (4, 2, 2, 1)] {
    let source = MergedRequests(decoder, seed: seed)
    let requests = try (0..<count).map { try source.request($0, apart: apart, known: known) }
    try expectMerged(requests, by: decoder, sourceLocation: sourceLocation)
  }
  guard decoder.layout.order == .independent else { return }
  let source = MergedRequests(decoder, seed: 5)
  try expectMerged(
    (0..<6).map { try source.request($0, order: .confidence) }, by: decoder, sourceLocation: sourceLocation)
}
