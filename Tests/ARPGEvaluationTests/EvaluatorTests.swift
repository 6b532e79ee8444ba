import ARPG
import ARPGEvaluation
import ARPGScenes
import ARPGTensor
import ARPGTraining
import TestSupport
import Testing

@Suite("The evaluator")
struct EvaluatorTests {
  private static let small: EvaluatorConfiguration = {
    var configuration = EvaluatorConfiguration()
    (configuration.channels, configuration.imageSize) = (8, 32)
    return configuration
  }()

  @Test("Trained on a few scenes, it knows their classes and depth, and says the same when read from its file")
  func learns() throws {
    var recipe = EvaluatorRecipe()
    recipe.sizes = Self.small
    recipe.loop.steps = 160
    recipe.loop.batch = 16
    recipe.loop.warmup = 5
    recipe.loop.ema = 0
    try recipe.validate()
    let task = EvaluatorTask(recipe.sizes, count: 16, seed: 5)
    var loop = TrainingLoop(task, settings: recipe.loop.settings, seed: 5)
    var state = try loop.start()
    var first: Double?
    var last: [String: Double] = [:]
    for _ in 0..<160 {
      last = try loop.step(&state).metrics
      first = first ?? last["depth"]
    }
    #expect(try #require(last["accuracy"]) > 0.9)
    #expect(try #require(last["depth"]) < #require(first) / 2)

    let folder = try TemporaryFolder()
    try task.writeModel(state.emaParameters, to: folder.file("model"))
    let evaluator = try Evaluator.load(folder.file("model"))
    let scenes = (0..<16).map { SceneDataset(seed: SceneSeed.evaluator.of(5), size: 32).scene($0) }
    let predictions = evaluator.predictions(on: scenes.map(\.image))
    let right = zip(predictions, scenes).filter { $0.classIndex == $1.classIndex }
    #expect(right.count >= 14)
    #expect(predictions.allSatisfy { $0.depth.width == 8 && $0.depth.height == 8 })
    // Alone and among others, an image gets the same prediction.
    let alone = evaluator.predictions(on: [scenes[3].image])[0]
    #expect(alone.depth.meanAbsoluteDifference(from: predictions[3].depth) < 1e-5)
    #expect(evaluator.predictions(on: []).isEmpty)
  }

  @Test("Scenes without a class teach depth alone")
  func unlabelled() {
    let task = EvaluatorTask(Self.small, count: 4, kinds: SceneMixture(.shapes), seed: 5)
    let found = task.objective(
      task.initialParameters(seed: 5), SampleBatch(samples: [0, 1, 2, 3], step: 1, seed: 5))
    #expect(found.metrics.keys.sorted() == ["depth"])
    #expect(abs(Double(found.loss.scalar) - 4 * (found.metrics["depth"] ?? 0)) < 1e-5)
  }

  @Test("A file that is no evaluator is refused, and says what is expected")
  func refusal() throws {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter()
    writer.add("depth.bias", Tensor(shape: [1], values: [0]))
    try writer.write(to: folder.file("other.safetensors"))
    let unnamed = #expect(throws: CheckpointError.self) { try Evaluator.load(folder.file("other.safetensors")) }
    #expect(try #require(unnamed).description.contains("arpg train evaluator"))

    writer.metadata = ["evaluator": #"{"channels": 1000000000, "image_size": 64, "classes": []}"#]
    try writer.write(to: folder.file("huge.safetensors"))
    let huge = #expect(throws: CheckpointError.self) { try Evaluator.load(folder.file("huge.safetensors")) }
    #expect(try #require(huge).description.contains("channels"))
    #expect(throws: FileError.self) { try Evaluator.load(folder.file("missing.safetensors")) }
  }

  @Test("Settings out of range are refused")
  func recipe() throws {
    for (key, value) in [
      ("channels", "12"), ("image_size", "40"), ("scenes", "0"), ("depth_weight", "-1"),
      ("kinds", #"{"classes": -1}"#), ("kinds", #"{"shape": 1}"#), ("kinds", "{}"),
    ] {
      #expect(throws: (any Error).self, "\(key)=\(value)") {
        try EvaluatorRecipe.load(nil, overrides: [(key, value)])
      }
    }
    #expect(try EvaluatorRecipe.load(nil, overrides: [("scenes", "64")]).scenes == 64)
  }
}
