import ARPG
import ARPGDecoder
import ARPGTensor
import ARPGTraining
import TestSupport
import Testing

@Suite("Training a decoder")
struct DecoderTrainingTests {
  private func settings(batch: Int, accumulation: Int = 1, steps: Int, rate: Float = 3e-3) -> LoopSettings {
    LoopSettings(
      groups: [ParameterGroup(AdamW(weightDecay: 0), learningRate: rate)],
      schedule: LearningRateSchedule(.constant, warmup: 10, steps: steps), batch: batch, accumulation: accumulation)
  }

  @Test("Overfits eight images")
  func overfit() throws {
    let codes = try CodeFolder()
    let task = try DecoderTask(
      data: codes.data(), decoder: CodeFolder.decoder(dim: 48, classes: 8), model: CodeFolder.description,
      dropout: 0, dropping: ConditionDropping(everything: 0))
    // Each image is told apart by a class of its own.
    var loop = TrainingLoop(
      OneClassAnImage(task: task), settings: settings(batch: 8, steps: 700), seed: 1)
    var state = try loop.start()
    var best = Double.infinity
    while best > 0.05, state.step < 700 { best = min(best, try loop.step(&state).loss) }
    #expect(best < 0.05, "the loss is \(best) after \(state.step) steps")
  }

  @Test("Two hundred steps of AdamW follow the recorded curve of PyTorch within 1 %")
  func curve() throws {
    let task = try RecordedTask()
    let group = ParameterGroup(AdamW(), learningRate: 2e-3)
    var loop = TrainingLoop(
      task,
      settings: LoopSettings(
        groups: [group], schedule: LearningRateSchedule(.cosine, warmup: 20, steps: 200, last: 0.1), batch: 4, clip: 1),
      seed: 0)
    var state = try loop.start()
    let expected = try task.recorded.tensor(named: "loss").values
    #expect(expected.count == 200)
    for (step, loss) in expected.enumerated() {
      let found = try loop.step(&state).loss
      #expect(abs(found - Double(loss)) <= 0.01 * Double(loss), "step \(step + 1): \(found), expected \(loss)")
    }
  }

  @Test("A step taken in parts is the step taken whole, dropout and dropped classes included")
  func accumulation() throws {
    let codes = try CodeFolder(augmentations: 3)
    let task = try DecoderTask(
      data: codes.data(), decoder: CodeFolder.decoder(), model: CodeFolder.description, dropout: 0.2,
      dropping: ConditionDropping(everything: 0.5))
    var whole = TrainingLoop(task, settings: settings(batch: 6, steps: 9), seed: 5)
    var parts = TrainingLoop(task, settings: settings(batch: 2, accumulation: 3, steps: 9), seed: 5)
    var (one, other) = (try whole.start(), try parts.start())
    for _ in 0..<3 {
      let (first, second) = (try whole.step(&one), try parts.step(&other))
      #expect(abs(first.loss - second.loss) < 1e-5)
    }
    for (name, tensor) in one.parameters {
      let right = try #require(other.parameters[name])
      #expect(tensor.largestDifference(from: right) < 1e-4, "\(name)")
    }
  }

  @Test("A loss that is not finite ends the run and leaves the state as it was")
  func divergence() throws {
    let codes = try CodeFolder()
    let task = try DecoderTask(
      data: codes.data(), decoder: CodeFolder.decoder(), model: CodeFolder.description)
    var settings = settings(batch: 2, steps: 9, rate: .infinity)
    settings.ema = WeightEMA(decay: 0.9)
    var loop = TrainingLoop(task, settings: settings, seed: 5)
    var state = try loop.start()
    var before = state
    let error = #expect(throws: TrainingError.self) {
      for _ in 0..<5 {
        before = state
        _ = try loop.step(&state)
      }
    }
    guard case .diverged(let step, _) = error else { throw try #require(error) }
    #expect(step == before.step + 1 && before.step > 0)
    expectSame(state, before)
  }

  @Test("A step whose end fails leaves the state as it was")
  func failingEnd() throws {
    let codes = try CodeFolder()
    let task = try DecoderTask(
      data: codes.data(), decoder: CodeFolder.decoder(), model: CodeFolder.description)
    var loop = TrainingLoop(FailingEnd(task: task), settings: settings(batch: 2, steps: 9), seed: 5)
    var state = try loop.start()
    _ = try loop.step(&state)
    let before = state
    #expect(throws: FailingEnd.Failure.self) { try loop.step(&state) }
    #expect(!before.optimizerState.isEmpty)
    expectSame(state, before)
  }

  private func expectSame(_ one: TrainingState, _ other: TrainingState) {
    func bits(_ tensors: [String: Tensor]) -> [String: [UInt32]] { tensors.mapValues { $0.values.map(\.bitPattern) } }
    #expect(bits(one.parameters) == bits(other.parameters))
    #expect(bits(one.ema) == bits(other.ema))
    #expect(
      one.optimizerState.mapValues { $0.map { $0.values.map(\.bitPattern) } }
        == other.optimizerState.mapValues { $0.map { $0.values.map(\.bitPattern) } })
    #expect(one.step == other.step && one.position == other.position && one.seed == other.seed)
  }
}

/// Fails at the end of its second step, after parameters have moved.
private struct FailingEnd: TrainingTask {
  struct Failure: Error {}
  let task: DecoderTask
  var sampleCount: Int { task.sampleCount }
  func initialParameters(seed: UInt64) -> [String: Tensor] { task.initialParameters(seed: seed) }
  func writeModel(_ parameters: [String: Tensor], to folder: String) throws {}
  func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective {
    try task.objective(parameters, batch)
  }
  func finishStep(
    _ parameters: inout [String: Tensor], statistics: [String: Tensor], batch: SampleBatch
  ) throws {
    if batch.step == 2 { throw Failure() }
  }
}

/// Gives every image a class of its own, by its place in the data.
private struct OneClassAnImage: TrainingTask {
  let task: DecoderTask
  var sampleCount: Int { task.sampleCount }
  func initialParameters(seed: UInt64) -> [String: Tensor] { task.initialParameters(seed: seed) }
  func writeModel(_ parameters: [String: Tensor], to folder: String) throws {}

  func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective {
    let prefix = "decoder."
    let tensors = Dictionary(
      uniqueKeysWithValues: parameters.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    let decoder = task.part.decoder(of: tensors)
    let codes = try batch.samples.map { try task.data.sample($0) { _ in 0 }.codes }
    // One order for all steps: what it overfits are the codes, not every order of them.
    let orders = codes.map { _ in Array(0..<decoder.layout.tokens) }
    return Objective(
      loss: decoder.trainingLoss(
        codes: codes, orders: orders,
        prefix: try decoder.prefix(ofClasses: batch.samples), conditions: [:], dropout: nil))
  }
}

/// The samples, orders and class rows of the recorded curve, over the weights of `arpg-tiny`.
private struct RecordedTask: TrainingTask {
  let golden: GoldenDecoder
  let recorded: Checkpoint
  private let codes, samples, orders, rows: [Int]
  let sampleCount = 16

  init() throws {
    golden = try GoldenDecoder("arpg-tiny")
    recorded = try Checkpoint.open(Fixtures.path("training/curve.safetensors"))
    codes = try recorded.integers(named: "codes")
    samples = try recorded.integers(named: "samples")
    orders = try recorded.integers(named: "orders")
    rows = try recorded.integers(named: "class_rows")
  }

  func initialParameters(seed: UInt64) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for name in golden.checkpoint.names { tensors[name] = try golden.checkpoint.tensor(named: name) }
    return tensors
  }

  func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective {
    let configuration = golden.configuration, tokens = configuration.tokens
    let decoder = TwoPassDecoder(configuration, ParameterReader(tensors: parameters))
    let places = (batch.step - 1) * 4..<batch.step * 4
    return Objective(
      loss: decoder.trainingLoss(
        codes: samples[places].map { Array(codes[$0 * tokens..<($0 + 1) * tokens]) },
        orders: places.map { Array(orders[$0 * tokens..<($0 + 1) * tokens]) },
        prefix: decoder.embed(Array(rows[places])).reshaped(4, 1, configuration.dim), conditions: [:], dropout: nil))
  }

  func writeModel(_ parameters: [String: Tensor], to folder: String) throws {}
}
