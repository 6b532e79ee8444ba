import ARPG
import ARPGTensor
import ARPGTraining
import TestSupport
import Testing

@Suite("Training a decoder")
struct DecoderTrainingTests {
  private func settings(batch: Int, accumulation: Int = 1, steps: Int, rate: Float = 3e-3) -> LoopSettings {
    LoopSettings(
      groups: [ParameterGroup(AdamW(weightDecay: 0), rate: rate)],
      schedule: LearningRateSchedule(.constant, warmup: 10, steps: steps), batch: batch, accumulation: accumulation)
  }

  @Test("Learns eight images by heart")
  func overfit() throws {
    let codes = try CodeFolder()
    let task = try DecoderTask(
      data: codes.data(), configuration: CodeFolder.configuration(dim: 48, classes: 8), model: CodeFolder.draft,
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
    let group = ParameterGroup(AdamW(), rate: 2e-3)
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
      data: codes.data(), configuration: CodeFolder.configuration(), model: CodeFolder.draft, dropout: 0.2,
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

  @Test("Dropout changes the loss of training, and another step drops other values")
  func dropout() throws {
    let golden = try GoldenDecoder("arpg-tiny")
    let decoder = try golden.load()
    let tokens = golden.configuration.tokens
    func loss(_ dropout: Dropout?) -> Float {
      decoder.trainingLoss(
        codes: [Array(0..<tokens)], orders: [Array(0..<tokens)], prefix: decoder.embed([130]).reshaped(1, 1, 32),
        dropout: dropout
      ).scalar
    }
    let plain = loss(nil)
    #expect(loss(Dropout(rate: 0, seed: 1, step: 1)) == plain)
    let first = loss(Dropout(rate: 0.2, seed: 1, step: 1))
    #expect(first != plain && first == loss(Dropout(rate: 0.2, seed: 1, step: 1)))
    #expect(first != loss(Dropout(rate: 0.2, seed: 1, step: 2)))
    #expect(first != loss(Dropout(rate: 0.2, seed: 2, step: 1)))
  }

  @Test("With several tokens in front, a prediction sees all of them and the codes before it", arguments: [1, 2, 4])
  func longPrefix(_ length: Int) throws {
    let golden = try GoldenDecoder("arpg-tiny")
    let decoder = try golden.load(), configuration = golden.configuration
    let tokens = configuration.tokens, dim = configuration.dim, generator = Philox(seed: 8)
    let prefix = generator.normalTensor(shape: [1, length, dim], deviation: 1, number: 0, purpose: .custom(90))
    let condition = generator.normalTensor(shape: [1, tokens, dim], deviation: 1, number: 1, purpose: .custom(90))
    let order = (0..<tokens).map { ($0 * 7 + 3) % tokens }
    #expect(Set(order).count == tokens)
    let codes = (0..<tokens).map { $0 * 5 % configuration.vocab }
    let found = decoder.trainingLoss(codes: [codes], orders: [order], prefix: prefix, conditions: [0: condition])
    var sum = 0.0
    for (step, position) in order.enumerated() {
      let known = order.prefix(step)
      let input =
        known.isEmpty ? prefix : prefix.joined(with: decoder.embed(known.map { codes[$0] }).reshaped(1, step, dim))
      let context = decoder.firstPass(
        input, positions: Array(repeating: 0, count: length) + known.map { $0 + 1 }, causal: true)
      let row = condition.reshaped(tokens, dim).slice(position..<position + 1).reshaped(1, 1, dim)
      let logits = decoder.secondPass(1, positions: [position + 1], context: context, conditions: [0: row])
      sum += Double(logits.crossEntropy([codes[position]]).scalar)
    }
    #expect(abs(Double(found.scalar) - sum / Double(tokens)) < 1e-4)
  }

  @Test("A loss that is not finite ends the run and leaves the state as it was")
  func divergence() throws {
    let codes = try CodeFolder()
    let task = try DecoderTask(
      data: codes.data(), configuration: CodeFolder.configuration(), model: CodeFolder.draft)
    var loop = TrainingLoop(task, settings: settings(batch: 2, steps: 9, rate: .infinity), seed: 5)
    var state = try loop.start()
    _ = try loop.step(&state)
    let before = state.step
    #expect(throws: TrainingError.self) { for _ in 0..<4 { _ = try loop.step(&state) } }
    #expect(state.step >= before && state.step < 5)
  }
}

/// Gives every image a class of its own, by its place in the data.
private struct OneClassAnImage: TrainingTask {
  let task: DecoderTask
  var sampleCount: Int { task.sampleCount }
  func initialParameters(seed: UInt64) -> [String: Tensor] { task.initialParameters(seed: seed) }
  func writeModel(_ parameters: [String: Tensor], to folder: String) throws {}

  func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective {
    let configuration = task.configuration
    let prefix = "decoder."
    let tensors = Dictionary(
      uniqueKeysWithValues: parameters.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    let decoder = Decoder(configuration, ParameterReader(tensors: tensors))
    let codes = try batch.samples.map { try task.data.sample($0) { _ in 0 }.codes }
    // One order for all steps: what is learnt by heart is the codes, not every order of them.
    let orders = codes.map { _ in Array(0..<configuration.tokens) }
    return Objective(
      loss: decoder.trainingLoss(
        codes: codes, orders: orders,
        prefix: decoder.embed(batch.samples.map(configuration.classRow)).reshaped(codes.count, 1, configuration.dim)))
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
    let decoder = Decoder(configuration, ParameterReader(tensors: parameters))
    let places = (batch.step - 1) * 4..<batch.step * 4
    return Objective(
      loss: decoder.trainingLoss(
        codes: samples[places].map { Array(codes[$0 * tokens..<($0 + 1) * tokens]) },
        orders: places.map { Array(orders[$0 * tokens..<($0 + 1) * tokens]) },
        prefix: decoder.embed(Array(rows[places])).reshaped(4, 1, configuration.dim)))
  }

  func writeModel(_ parameters: [String: Tensor], to folder: String) throws {}
}
