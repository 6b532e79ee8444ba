import ARPG
import ARPGDecoder
import ARPGTensor
import Foundation
import TestSupport
import Testing

@Suite("Guidance")
struct GuidanceTests {
  private let golden: GoldenDecoder
  private let decoder: TwoPassDecoder

  init() throws {
    golden = try GoldenDecoder("arpg-odd")
    decoder = try golden.load()
  }

  private var tokens: Int { golden.configuration.tokens }

  private func control(_ seed: UInt64, guidance: Float? = nil, window: Range<Double> = 0..<1, batch: Int = 1)
    -> ActiveControl
  {
    let generator = Philox(seed: seed), shape = [batch, tokens, golden.configuration.dim]
    let values = (0..<shape.reduce(1, *)).map { Float(generator.uniform(at: SIMD4(UInt32($0), 0, 0, 0)) - 0.5) }
    let tensor = Tensor(shape: shape, values: values)
    return ActiveControl(Condition(tokens: [0: tensor, 2: tensor]), window: window, guidance: guidance)
  }

  private func request(
    _ controls: [ActiveControl], images: [Int] = [0], _ change: (inout SamplingSettings) -> Void = { _ in }
  ) throws -> SamplingRequest {
    var settings = SamplingSettings()
    (settings.steps, settings.guidance) = (9, 2)
    change(&settings)
    let label = ActiveControl(try GoldenDecoder.classPrefix([2], of: decoder))
    return SamplingRequest(
      images: images, controls: [label] + controls, settings: settings, random: SeededRandomSource(seed: 3))
  }

  /// The logits of every step, the fraction done before it, and the run, finished.
  private func outcome(_ request: SamplingRequest) throws -> (logits: [[Float]], begun: [Double], run: SamplingRun) {
    let run = try Sampler(decoder).start(request)
    var logits: [[Float]] = [], begun: [Double] = []
    run.observeLogits = { step, tensor in
      logits.append(tensor.values)
      begun.append(Double(step.done - step.positions[0].count) / Double(step.total))
    }
    while run.next() != nil {}
    return (logits, begun, run)
  }

  /// What one row alone predicts in each step of a run for one image.
  private func row(_ run: SamplingRun, label: Int?, _ controls: [ActiveControl]) throws -> [[Float]] {
    let state = decoder.makeState(DecodingStart(prefix: try decoder.prefix(ofClasses: [label]), images: 1))
    var done = 0
    return run.stepSizes.filter { $0 > 0 }.map { size in
      let targets = Array(run.orders[0][done..<done + size]), begun = Double(done) / Double(tokens)
      let acting = controls.filter { $0.window.contains(begun) }
      let conditions = StepConditions { positions in
        [0, 2].reduce(into: [:]) { result, layer in
          let parts = acting.compactMap { $0.condition.tokens[layer] }.map { tensor in
            tensor.reshaped(tensor.shape[1], tensor.shape[2]).selectingRows(positions[0])
              .reshaped(1, positions.count, tensor.shape[2])
          }
          if let first = parts.first { result[layer] = parts.dropFirst().reduce(first, +) }
        }
      }
      let logits = state.logits(at: .shared(targets), conditions: conditions).values
      state.accept([targets.map { run.codes[0][$0] }], at: .shared(targets))
      done += size
      return logits
    }
  }

  private func expectEqual(_ a: [[Float]], _ b: [[Float]], sourceLocation: SourceLocation = #_sourceLocation) {
    let apart = zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? .infinity
    #expect(a.map(\.count) == b.map(\.count) && apart < 1e-3, "\(apart)", sourceLocation: sourceLocation)
  }

  @Test("The scale follows each schedule's formula from the start to the scale")
  func schedules() {
    var settings = SamplingSettings()
    (settings.guidance, settings.guidanceStart) = (16, 1.5)
    let expected: [GuidanceSchedule: [Float]] = [
      .constant: [16, 16, 16, 16, 16], .linear: [1.5, 5.125, 8.75, 14.55, 16],
      .cosine: [1.5, 3.623476, 8.75, 15.645160, 16], .powerCosine: [1.5, 1.517462, 2.276311, 13.851615, 16],
    ]
    for schedule in GuidanceSchedule.allCases {
      settings.guidanceSchedule = schedule
      let found = [0, 0.25, 0.5, 0.9, 1].map { settings.guidanceScale(fractionDone: $0) }
      #expect(zip(found, expected[schedule] ?? []).allSatisfy { abs($0 - $1) < 1e-4 }, "\(schedule): \(found)")
    }
    settings.guidancePower = 1
    for fraction in stride(from: 0.0, through: 1, by: 0.125) {
      settings.guidanceSchedule = .powerCosine
      let power = settings.guidanceScale(fractionDone: fraction)
      settings.guidanceSchedule = .cosine
      #expect(power == settings.guidanceScale(fractionDone: fraction))
    }
  }

  @Test("An interval that is all of the decoding changes nothing, an empty one guides nothing, bit for bit")
  func wholeAndEmptyInterval() throws {
    let edges = control(1)
    let guided = try outcome(request([edges])), plain = try outcome(request([edges]) { $0.guidance = 1 })
    #expect(try outcome(request([edges]) { $0.guidanceInterval = 0..<1 }).logits == guided.logits)
    #expect(try outcome(request([edges]) { $0.guidanceInterval = 0.5..<0.5 }).logits == plain.logits)
    #expect(guided.logits != plain.logits)
  }

  @Test("Outside of the interval the conditional prediction counts alone; inside the cache holds all codes")
  func interval() throws {
    let edges = control(1)
    let found = try outcome(request([edges]) { $0.guidanceInterval = 0.2..<0.7 })
    let with = try row(found.run, label: 2, [edges]), without = try row(found.run, label: nil, [])
    let expected = zip(zip(with, without), found.begun).map { rows, begun in
      zip(rows.0, rows.1).map { 0.2..<0.7 ~= begun ? $1 + 2 * ($0 - $1) : $0 }
    }
    expectEqual(found.logits, expected)
    #expect(found.begun.filter { 0.2..<0.7 ~= $0 }.count > 1 && found.begun.contains { $0 >= 0.7 })
  }

  @Test(
    "Without a scale of their own, controls share one; one control with a scale is guided as by the setting, bit for bit"
  )
  func oneControl() throws {
    for guidance in [Float(1), 2.5] {
      let whole = try outcome(
        request([control(1)]) { ($0.guidance, $0.controlGuidance) = (guidance, 3) })
      let own = try outcome(request([control(1, guidance: 3)]) { $0.guidance = guidance })
      #expect(own.logits == whole.logits && own.run.codes == whole.run.codes)
    }
  }

  @Test(
    "Controls with scales of their own add what each changes; those without are guided with the class, or by the setting"
  )
  func severalControls() throws {
    let a = control(1, guidance: 3), b = control(2, guidance: -0.5, window: 0..<0.5), c = control(4)
    for controlGuidance in [nil, Float(1.5)] {
      let found = try outcome(request([a, b, c]) { $0.controlGuidance = controlGuidance })
      let base = controlGuidance == nil ? [c] : []
      func row(_ controls: [ActiveControl]) throws -> [[Float]] {
        try self.row(found.run, label: 2, base + controls)
      }
      let free = try self.row(found.run, label: nil, []), plain = try row([])
      let parts = [(try row([a]), Float(3)), (try row([b]), -0.5), (try row([c]), controlGuidance ?? 0)]
      let expected = plain.indices.map { step in
        plain[step].indices.map { index in
          parts.reduce(free[step][index] + 2 * (plain[step][index] - free[step][index])) { sum, part in
            sum + part.1 * (part.0[step][index] - plain[step][index])
          }
        }
      }
      expectEqual(found.logits, expected)
    }
  }

  @Test("Where a step is not guided, all controls act together")
  func unguidedTogether() throws {
    let controls = [control(1, guidance: 3), control(2, guidance: 2)]
    let found = try outcome(request(controls) { $0.guidedTokens = 0 })
    expectEqual(found.logits, try row(found.run, label: 2, controls))
  }

  @Test("A control that is off takes no row and changes nothing, whatever its scale; a batch is its images one by one")
  func offAndBatches() throws {
    var off = control(1, guidance: 3)
    off.strength = 0
    for guidance in [Float(1), 2] {
      let plain = try outcome(request([control(2)]) { $0.guidance = guidance })
      #expect(try outcome(request([control(2), off]) { $0.guidance = guidance }).logits == plain.logits)
    }
    let controls = [control(1, guidance: 3, batch: 3), control(2, guidance: 0.5)]
    let whole = try outcome(request(controls, images: [0, 1, 2]))
    for image in 0..<3 {
      var single = controls
      single[0].condition.tokens = controls[0].condition.tokens.mapValues { $0.slice(image..<image + 1) }
      #expect(try outcome(request(single, images: [image])).run.codes == [whole.run.codes[image]])
    }
  }

  @Test("Settings and controls are read as they were written; what is out of range is refused")
  func codable() throws {
    var settings = SamplingSettings()
    #expect(try !String(decoding: JSONEncoder().encode(settings), as: UTF8.self).contains("interval"))
    (settings.guidanceSchedule, settings.guidancePower, settings.guidanceInterval) = (.powerCosine, 1.5, 0.1..<0.9)
    let text = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(SamplingSettings.self, from: text) == settings)
    #expect(String(decoding: text, as: UTF8.self).contains("\"guidance_interval\":[0.1,0.9]"))
    let specification = ControlSpecification("edges", .text("x"), guidance: 2.5)
    let read = try JSONDecoder().decode(ControlSpecification.self, from: JSONEncoder().encode(specification))
    #expect(read.guidance == 2.5)

    for change: (inout SamplingSettings) -> Void in [
      { $0.guidancePower = -1 }, { $0.guidancePower = .nan }, { $0.guidanceInterval = 0..<1.5 },
      { $0.guidanceInterval = -1..<0 },
    ] {
      #expect(throws: SamplingError.self) { try Sampler(decoder).start(request([], change)) }
    }
    for guidance in [Float.nan, .infinity, 1001] {
      #expect(throws: SamplingError.self) { try Sampler(decoder).start(request([control(1, guidance: guidance)])) }
    }
    let many = (0..<17).map { control($0, guidance: 2) }
    #expect(throws: SamplingError.self) { try Sampler(decoder).start(request(many)) }
  }
}
