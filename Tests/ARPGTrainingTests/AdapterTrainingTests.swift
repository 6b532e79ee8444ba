import ARPG
import ARPGControl
import ARPGDecoder
import ARPGTensor
import ARPGTraining
import Foundation
import TestSupport
import Testing

/// An adapter that reads an image as it is, as somebody else would write one.
private struct GreyControl: ControlImageAdapter {
  let descriptor = AdapterDescriptor(name: "grey", summary: "grey", input: .image, inputSummary: "an image")

  func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    PreparedControl(controlImage: image.image)
  }
}

/// An adapter with a network of its own: one matrix from the mean brightness to the first layer.
private struct MeanControl: TrainableAdapter, ControlPreprocessor, FittedAdapter {
  let descriptor = AdapterDescriptor(name: "mean", summary: "mean", input: .image, inputSummary: "an image")

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .image(let image) = input else { return [] }
    let pixels = image.image.pixels
    let mean = pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count) / 255
    return [PreparedControl(values: Tensor(shape: [1], values: [Float(mean)]))]
  }

  func initialParameters(for model: AdapterModel, settings: JSONValue?, seed: UInt64) throws -> NewAdapter {
    let weight = Tensor(shape: [model.layout.dim, 1], repeating: 0)
    return NewAdapter(configuration: .null, parameters: ParameterSet(["weight": weight]))
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter { self }

  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    struct Encoder: ControlEncoder {
      let weight: Tensor
      let tokens: Int
      func encode(_ batch: [PreparedControl]) throws -> Condition {
        let values = batch.flatMap { control in Array(repeating: control.values.scalar, count: tokens) }
        return Condition(tokens: [0: Tensor(shape: [batch.count, tokens, 1], values: values).linear(weight)])
      }
    }
    let parameters = try #require(parameters)
    return Encoder(
      weight: try parameters.tensor(named: "weight"), tokens: parts.decoder.layout.tokens)
  }
}

/// An adapter that puts two tokens in front of the first pass, made from the mean brightness.
private struct ToneControl: TrainableAdapter, ControlPreprocessor, FittedAdapter {
  let descriptor = AdapterDescriptor(name: "tone", summary: "tone", input: .image, inputSummary: "an image")

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] { try MeanControl().preprocess(input, options: options, in: context) }

  func initialParameters(for model: AdapterModel, settings: JSONValue?, seed: UInt64) throws -> NewAdapter {
    let dim = model.layout.dim
    return NewAdapter(
      configuration: .null,
      parameters: ParameterSet([
        "weight": Tensor(shape: [2 * dim, 1], repeating: 0.1), "null": Tensor(shape: [1, 2, dim], repeating: 0),
      ]))
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter { self }

  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    struct Encoder: ControlEncoder {
      let weight, null: Tensor
      var nullPrefix: Tensor? { null }
      func encode(_ batch: [PreparedControl]) throws -> Condition {
        let tones = Tensor(shape: [batch.count, 1], values: batch.map(\.values.scalar))
        let tokens = tones.linear(weight).reshaped([batch.count] + null.shape.dropFirst())
        return Condition(prefix: .init(embeddings: tokens, null: null))
      }
    }
    let parameters = try #require(parameters)
    return Encoder(
      weight: try parameters.tensor(named: "weight"), null: try parameters.tensor(named: "null"))
  }
}

@Suite("Training adapters")
struct AdapterTrainingTests {
  private let place: TemporaryFolder
  private let codes: CodeFolder
  private var registries = Registries.twoPass

  init() throws {
    place = try TemporaryFolder()
    codes = try CodeFolder(augmentations: 2, adapter: "grey")
    try FileManager.default.copyItem(
      atPath: "\(codes.path)/controls/grey", toPath: "\(codes.path)/controls/mean")
    try registries.adapters.register(GreyControl())
    try FileManager.default.copyItem(
      atPath: "\(codes.path)/controls/grey", toPath: "\(codes.path)/controls/tone")
    try registries.adapters.register(MeanControl())
    try registries.adapters.register(ToneControl())
  }

  /// A model folder with a decoder that was trained a little, so that its head is not zero.
  private func model() throws -> ModelFolder {
    let task = try DecoderTask(
      data: codes.data(), decoder: CodeFolder.decoder(), model: CodeFolder.description)
    let settings = LoopSettings(
      groups: [ParameterGroup(AdamW(), learningRate: 1e-2)], schedule: LearningRateSchedule(.constant, steps: 3),
      batch: 4)
    var loop = TrainingLoop(task, settings: settings, seed: 1)
    var state = try loop.start()
    for _ in 0..<3 { _ = try loop.step(&state) }
    try task.writeModel(state.parameters, to: place.file("base"))
    return try ModelFolder.read(place.file("base"), .twoPass)
  }

  private func train(_ settings: (key: String, value: String)..., steps: Int = 4) throws -> (
    task: DecoderTask, start: TrainingState, end: TrainingState
  ) {
    let recipe = try AdapterRecipe.load(
      nil, overrides: settings + [("batch", "4"), ("warmup", "0"), ("learning_rate", "0.01"), ("ema", "0")])
    let task = try DecoderTask(
      recipe.decoder, data: codes.data(), model: model(), registries, seed: 4)
    var loop = TrainingLoop(task, settings: recipe.decoder.loop.settings, seed: 4)
    let start = try loop.start()
    var state = start
    for _ in 0..<steps { _ = try loop.step(&state) }
    return (task, start, state)
  }

  @Test("The decoder is frozen, every tensor of the adapter moves, and the model has both")
  func frozen() throws {
    let run = try train(("adapters", "grey"))
    #expect(run.start.parameters.keys.allSatisfy { $0.hasPrefix("adapters.grey.") })
    for (name, tensor) in run.end.parameters { #expect(tensor.values != run.start.parameters[name]?.values, "\(name)") }
    let path = place.file("written")
    try run.task.writeModel(run.end.emaParameters, to: path)
    let (base, folder) = (try ModelFolder.read(place.file("base"), .twoPass), try ModelFolder.read(path, .twoPass))
    func head(_ folder: ModelFolder) throws -> [Float]? {
      try (folder.loadDecoder() as? TwoPassDecoder)?.outputWeights.values
    }
    #expect(try head(folder) != nil && head(folder) == head(base))
    let weights = try #require(try folder.weights(ofAdapter: "grey")), decoder = try folder.loadDecoder()
    let encoder = try GreyControl().fit(
      to: AdapterModel(layout: decoder.layout, imageSize: folder.imageSize, weights: weights)
    ).makeEncoder(weights.parameters, for: ModelParts(decoder: decoder))
    let control = PreparedControl(controlImage: Image(width: 16, height: 16, grey: Array(0...255)))
    #expect(try encoder.encode([control]).tokens[0]?.largestMagnitude ?? 0 > 0)
  }

  @Test("An adapter of the model is trained on unless a new one is asked for, and others stay")
  func goesOn() throws {
    let first = try train(("adapters", "grey"))
    try first.task.writeModel(first.end.parameters, to: place.file("first"))
    let model = try ModelFolder.read(place.file("first"), .twoPass)
    func task(_ settings: (key: String, value: String)...) throws -> DecoderTask {
      try DecoderTask(
        AdapterRecipe.load(nil, overrides: settings).decoder, data: codes.data(), model: model, registries, seed: 9)
    }
    let name = "adapters.grey.condition_mlp.fc1.weight"
    let on = try task(("adapters", "grey"))
    #expect(on.initialParameters(seed: 9)[name]?.values == first.end.parameters[name]?.values)
    #expect(on.notes.count == 1 && on.notes[0].contains("goes on from the weights"))
    let new = try task(("adapters", "grey"), ("continue_adapters", "false"))
    #expect(try #require(new.initialParameters(seed: 9)[name]).values != first.end.parameters[name]?.values)
    let beside = try task(("adapters", "mean"), ("train_decoder", "true"))
    #expect(beside.notes.count == 1 && beside.notes[0].contains("the adapter grey stays as it is"))
    try beside.writeModel(beside.initialParameters(seed: 9), to: place.file("beside"))
    let written = try ModelFolder.read(place.file("beside"), .twoPass)
    #expect(written.description.adapters.keys.sorted() == ["grey", "mean"])
    #expect(try written.weights(ofAdapter: "grey") != nil)
  }

  @Test("A prefix of several tokens is sampled as it is trained: behind the null class, and causal")
  func prefixLayout() throws {
    let decoder = try model().loadDecoder(), dim = decoder.layout.dim
    let tokens = Tensor(shape: [1, 3, dim], values: (0..<3 * dim).map { Float($0 % 7) / 7 - 0.5 })
    let prefix = Condition.Prefix(embeddings: tokens, null: tokens)
    func codes(_ prefixes: Condition.Prefix...) throws -> [[Int]] {
      var settings = SamplingSettings()
      (settings.steps, settings.guidance, settings.topK) = (4, 1, 1)
      return try Sampler(decoder).sample(
        SamplingRequest(controls: prefixes.map { ActiveControl(Condition(prefix: $0)) }, settings: settings))
    }
    let null = Condition.Prefix(embeddings: decoder.nullPrefix, null: decoder.nullPrefix, replacesNull: true)
    #expect(try codes(prefix) == codes(null, prefix))
    #expect(try codes(prefix) == codes(prefix, null))
    // What the training predicts for the first position of an order is what sampling gives there.
    let order = Array(0..<16), row = order.map { $0 % decoder.layout.vocab }
    let joined = decoder.nullPrefix.joined(with: tokens)
    let state = decoder.makeState(DecodingStart(prefix: joined, images: 1))
    var sum: Float = 0
    for position in order {
      sum += state.logits(at: .shared([position]), conditions: .none).crossEntropy([row[position]]).scalar
      state.accept([[row[position]]], at: .shared([position]))
    }
    let loss = decoder.trainingLoss(codes: [row], orders: [order], prefix: joined, conditions: [:], dropout: nil)
    #expect(abs(loss.scalar - sum / 16) < 1e-4)
  }

  @Test("An adapter that the package does not know is trained through the protocol alone")
  func foreign() throws {
    let run = try train(("adapters", "mean"))
    #expect(run.start.parameters.keys.sorted() == ["adapters.mean.weight"])
    #expect(run.end.parameters["adapters.mean.weight"]?.largestMagnitude ?? 0 > 0)
  }

  @Test("An adapter that puts tokens in front of the first pass learns them, and what stands for none")
  func prefixes() throws {
    let run = try train(("adapters", "tone,mean"), ("drop_control", "0.5"), steps: 6)
    for name in ["adapters.tone.weight", "adapters.tone.null", "adapters.mean.weight"] {
      #expect(run.end.parameters[name]?.values != run.start.parameters[name]?.values, "\(name)")
    }
    try run.task.writeModel(run.end.emaParameters, to: place.file("tone"))
    let never = try train(("adapters", "tone"), ("drop_control", "1"), ("weight_decay", "0"))
    for (name, moves) in [("weight", false), ("null", true)] {
      let values = [never.start, never.end].map { $0.parameters["adapters.tone." + name]?.values }
      #expect((values[0] != values[1]) == moves, "\(name)")
    }
  }

  @Test("Several adapters and the decoder are trained together")
  func joint() throws {
    let run = try train(("adapters", "grey,mean"), ("train_decoder", "true"), ("drop_control", "0.5"), steps: 6)
    for name in ["decoder.head.weight", "adapters.mean.weight", "adapters.grey.adapter_mlp.fc1.weight"] {
      #expect(run.end.parameters[name]?.values != run.start.parameters[name]?.values, "\(name)")
    }
    try run.task.writeModel(run.end.emaParameters, to: place.file("joint"))
    #expect(try ModelFolder.read(place.file("joint"), .twoPass).description.adapters.keys.sorted() == ["grey", "mean"])
  }

  @Test("With every control dropped an adapter learns nothing")
  func dropped() throws {
    let run = try train(("adapters", "mean"), ("drop_control", "1"))
    #expect(run.end.parameters["adapters.mean.weight"]?.largestMagnitude == 0)
  }

  @Test("An adapter without weights, an unknown one, and a missing control image are named")
  func refusals() throws {
    struct Plain: ControlAdapter, ControlPreprocessor {
      let descriptor = AdapterDescriptor(name: "plain", summary: "", input: .text, inputSummary: "")
      func preprocess(
        _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
      ) throws -> [PreparedControl] { [] }
      func fit(to model: AdapterModel) throws -> any FittedAdapter {
        throw AdapterTrainingError.notTrainable(adapter: "plain")
      }
    }
    var registries = registries
    try registries.adapters.register(Plain())
    func task(_ name: String) throws -> DecoderTask {
      let recipe = try AdapterRecipe.load(nil, overrides: [("adapters", name)])
      return try DecoderTask(recipe.decoder, data: codes.data(), model: model(), registries, seed: 4)
    }
    #expect(throws: AdapterTrainingError.notTrainable(adapter: "plain")) { try task("plain") }
    #expect(throws: RegistryError.self) { try task("gray") }
    try FileManager.default.removeItem(atPath: "\(codes.path)/controls/grey")
    let starting = try task("grey")
    #expect(throws: (any Error).self) {
      try starting.objective(
        starting.initialParameters(seed: 1), SampleBatch(samples: [0, 1, 2], step: 1, seed: 1))
    }
  }

  @Test("Losses on held-out images are the same whenever they are measured, and fall where there is something to learn")
  func heldOut() throws {
    let recipe = try AdapterRecipe.load(
      nil,
      overrides: [
        ("adapters", "grey,mean"), ("train_decoder", "true"), ("continue_decoder", "false"), ("batch", "4"),
        ("learning_rate", "0.003"), ("warmup", "0"), ("ema", "0"), ("held_out_samples", "5"), ("held_out", codes.path),
        ("vocab", "32"),
        ("dim", "32"), ("layers", "4"), ("heads", "2"), ("hidden", "64"), ("dropout", "0"), ("drop_control", "0"),
      ])
    let task = try DecoderTask(
      recipe.decoder, data: codes.data(), model: model(), registries, seed: 4)
    var loop = TrainingLoop(task, settings: recipe.decoder.loop.settings, seed: 4)
    var state = try loop.start()
    let before = try task.heldOutLosses(state.emaParameters, seed: 4)
    #expect(before.keys.sorted() == ["all", "grey", "mean", "none"])
    // The head of a new decoder is zero: every code is as likely.
    #expect(before.values.allSatisfy { abs($0 - log(32)) < 1e-4 })
    for _ in 0..<60 { _ = try loop.step(&state) }
    let after = try task.heldOutLosses(state.emaParameters, seed: 4)
    // The brightness of places tells their codes; without it, or with its mean alone, there is nothing to learn.
    for name in ["grey", "all"] { #expect(try #require(after[name]) < log(32) - 0.2, "\(after)") }
    #expect(try task.heldOutLosses(state.emaParameters, seed: 4) == after)
    let plain = try DecoderTask(
      data: codes.data(), decoder: CodeFolder.decoder(), model: CodeFolder.description)
    #expect(try plain.heldOutLosses(plain.initialParameters(seed: 1), seed: 1).isEmpty)
  }

  @Test("Controls are mixed as asked, otherwise for samples without a class")
  func mixture() throws {
    let adapters = ["canny", "depth"]
    func mixture(_ shares: [String: Double]) throws -> ControlMixture {
      try ControlMixture(shares, adapters: adapters, setting: "mixture")
    }
    let dropping = ConditionDropping(
      everything: 0, label: 0.4, labelAlone: 0.12,
      mixture: try mixture(["none": 0.25, "canny": 0.4, "depth": 0.2, "depth+canny": 0.15]),
      mixtureWithoutClass: try mixture(["canny": 2]))
    var kept: [[Bool]: (count: Int, labels: Int)] = [:]
    for row in 0..<20_000 {
      var random = SampleBatch(samples: [0], step: 2, firstRow: row, seed: 9).random(.drop, row: 0)
      var other = random
      let drawn = dropping.draw(controls: 2, &random)
      kept[drawn.controls, default: (0, 0)].count += 1
      kept[drawn.controls, default: (0, 0)].labels += drawn.label ? 1 : 0
      #expect(dropping.draw(controls: 2, hasClass: false, &other).controls == [true, false])
    }
    let expected: [([Bool], Double, Double)] = [
      ([false, false], 0.25, 0.88), ([true, false], 0.4, 0.6), ([false, true], 0.2, 0.6), ([true, true], 0.15, 0.6),
    ]
    for (controls, share, labels) in expected {
      let found = try #require(kept[controls])
      #expect(abs(Double(found.count) / 20_000 - share) < 0.02)
      #expect(abs(Double(found.labels) / Double(found.count) - labels) < 0.03)
    }
    for shares in [["edges": 1.0], ["canny+canny": 1], ["canny": -1], ["canny": 0], ["canny": .infinity], ["": 1]] {
      #expect(throws: TrainingError.self, "\(shares)") { try mixture(shares) }
    }
  }

  @Test("Class and controls are dropped together and by themselves as often as asked")
  func dropping() {
    let dropping = ConditionDropping(everything: 0.1, label: 0.2, control: 0.5)
    var (labels, firsts, both, none) = (0, 0, 0, 0)
    for row in 0..<20_000 {
      let batch = SampleBatch(samples: [0], step: 1, firstRow: row, seed: 9)
      var random = batch.random(.drop, row: 0)
      let kept = dropping.draw(controls: 2, &random)
      labels += kept.label ? 1 : 0
      firsts += kept.controls[0] ? 1 : 0
      both += kept.controls == [true, true] ? 1 : 0
      none += !kept.label && kept.controls == [false, false] ? 1 : 0
    }
    func share(_ count: Int) -> Double { Double(count) / 20_000 }
    #expect(abs(share(labels) - 0.72) < 0.02 && abs(share(firsts) - 0.45) < 0.02)
    #expect(abs(share(both) - 0.225) < 0.02 && abs(share(none) - (0.1 + 0.9 * 0.2 * 0.25)) < 0.02)
  }
}
