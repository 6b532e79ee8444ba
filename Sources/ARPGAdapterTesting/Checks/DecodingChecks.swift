import ARPG
import ARPGTensor

extension AdapterSubject {
  /// Logits of all steps and codes of two images that are sampled with some controls.
  private struct Outcome: Equatable {
    var logits: [[Float]] = []
    var codes: [[Int]] = []
  }

  private var settings: SamplingSettings {
    var settings = SamplingSettings()
    settings.schedule = type(of: decoder).schedules[0].name
    settings.steps = layout.order == .raster ? layout.tokens : 5
    return settings
  }

  private func sample(_ controls: [ActiveControl]) throws -> Outcome {
    let run = try Sampler(decoder).start(SamplingRequest(images: [0, 1], controls: controls, settings: settings))
    var outcome = Outcome()
    run.observeLogits = { outcome.logits.append($1.values) }
    while run.next() != nil {}
    outcome.codes = run.codes
    return outcome
  }

  func checkOff() throws {
    let plain = try sample([])
    let condition = try encoder().encode(Array(elements().prefix(2)))
    guard try sample([ActiveControl(condition)]) != plain else {
      throw unusable("that nothing changes at full strength", "inputs that say something")
    }
    let off = [
      ("a strength of 0", ActiveControl(condition, strength: 0)),
      ("an empty window", ActiveControl(condition, window: 0.5..<0.5)),
      ("an empty region", ActiveControl(condition, region: Array(repeating: 0, count: layout.tokens))),
    ]
    for (name, control) in off {
      try require(
        try sample([control]) == plain, found: "other logits or codes with \(name)",
        expected: "those without a control, bit for bit", "change nothing but the condition")
    }
  }

  func checkNewAdapter() throws {
    let new = try newAdapter()
    let encoder = try encoder(AdapterWeights(configuration: new.configuration, parameters: new.parameters))
    var condition = try encoder.encode(Array(elements().prefix(2)))
    guard !condition.tokens.isEmpty else { throw NotApplicable("it gives a prefix and no condition tokens") }
    condition.prefix = nil
    try require(
      try sample([ActiveControl(condition)]) == sample([]), found: "other logits or codes with a new adapter",
      expected: "those without a control, bit for bit",
      "begin with zeros in the last layer before condition tokens, weights and bias")
  }

  func checkCancellation() async throws {
    let inputs = try inputs(), encoder = try encoder()
    let whole = try inputs.map { try encoder.encode(preprocess($0)) }
    let results = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return inputs.map { input in Result { try encoder.encode(preprocess(input)) } }
    }.value
    for (number, result) in results.enumerated() {
      do {
        let difference = try result.get().difference(from: whole[number])
        try require(
          difference == nil, found: "\(difference ?? "") for input \(number) in a task that is cancelled",
          expected: "the whole condition or CancellationError",
          "call Task.checkCancellation() in place of giving a part")
      } catch is CancellationError {
        continue
      }
    }

    // A run beside it is cancelled in the middle; the next one is as if nothing had been.
    let codes = try await codes(cancellingAt: nil, controlledBy: whole[0])
    do {
      _ = try await self.codes(cancellingAt: 2, controlledBy: encoder.encode(preprocess(inputs[0])))
      try require(
        false, found: "a run that goes on when its task is cancelled", expected: "CancellationError", "do not catch it")
    } catch is CancellationError {}
    try require(
      try await self.codes(cancellingAt: nil, controlledBy: encoder.encode(preprocess(inputs[0]))) == codes,
      found: "other codes after a run that was cancelled", expected: "the same", "keep nothing between runs")
  }

  /// The codes of a run in a task of its own, which is cancelled after some steps.
  private func codes(cancellingAt last: Int?, controlledBy condition: Condition) async throws -> [[Int]] {
    let pipeline = Pipeline(
      Model(ModelDescription(name: "small", imageSize: example.imageSize), decoder: decoder, tokenizer: tokenizer),
      adapters: AdapterRegistry())
    let controls = try PreparedControls([(descriptor.name, ActiveControl(condition))]), settings = settings
    return try await Task {
      let run = try pipeline.start(controls, settings: settings)
      var codes: [[Int]] = []
      while let event = try run.next() {
        switch event {
        case .step(let progress): if progress.step.index == last { withUnsafeCurrentTask { $0?.cancel() } }
        case .image(let image): codes.append(image.codes)
        }
      }
      return codes
    }.value
  }
}
