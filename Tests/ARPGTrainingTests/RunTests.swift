import ARPG
import ARPGDecoder
import ARPGTensor
import ARPGTraining
import Foundation
import TestSupport
import Testing

@Suite("Runs that stop and are resumed")
struct RunTests {
  private let codes: CodeFolder
  private let place: TemporaryFolder

  init() throws {
    codes = try CodeFolder(augmentations: 2)
    place = try TemporaryFolder()
  }

  private func run(
    _ name: String, steps: Int = 12, optimizer: LoopRecipe.Kind = .muon, seed: UInt64 = 3,
    note: (String) -> Void = { _ in }
  ) throws -> TrainingRun<DecoderTask> {
    let task = try DecoderTask(
      data: codes.data(), decoder: CodeFolder.decoder(), model: CodeFolder.description)
    var recipe = LoopRecipe()
    recipe.optimizer = optimizer
    recipe.batch = 3
    recipe.warmup = 2
    recipe.steps = steps
    recipe.schedule = .constant
    recipe.checkpointEvery = 4
    recipe.logEvery = 2
    return try TrainingRun(
      TrainingLoop(task, settings: recipe.settings, seed: seed), folder: place.file(name),
      recipe: JSONValue(encoding: recipe), changeable: LoopRecipe.changeable, intervals: .init(recipe), note: note)
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: place.file(name)))
  }

  private func losses(_ run: String) throws -> [Double] {
    let text = String(decoding: try bytes("\(run)/log.jsonl"), as: UTF8.self)
    return try text.split(separator: "\n").map {
      try JSONDecoder().decode(LogRecord.self, from: Data($0.utf8)).loss
    }
  }

  @Test("A run that was stopped equals one that was not, bit for bit", arguments: LoopRecipe.Kind.allCases)
  func resume(_ optimizer: LoopRecipe.Kind) throws {
    var whole = try run("whole", optimizer: optimizer)
    try whole.train()
    // Stopped by the user behind step 6, then lost behind step 9 with its last checkpoint at 8.
    var first = try run("parts", optimizer: optimizer)
    try first.train { $0.report.step < 6 }
    struct Lost: Error {}
    var second = try run("parts", steps: 9, optimizer: optimizer)
    #expect(second.state.step == 6)
    try second.train()
    try FileManager.default.removeItem(atPath: place.file("parts/checkpoint-00000009.safetensors"))
    var notes: [String] = []
    var third = try run("parts", optimizer: optimizer) { notes.append($0) }
    #expect(third.state.step == 8 && notes.last == "resuming from step 8")
    try third.train()
    for file in ["checkpoint-00000012.safetensors", "model/decoder.safetensors", "model/model.json"] {
      #expect(try bytes("whole/\(file)") == bytes("parts/\(file)"), "\(file)")
    }
    #expect(try losses("whole").count == 6 && losses("whole") == losses("parts"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.file("parts")).filter { $0 != ".lock" }.sorted() == [
        "checkpoint-00000008.safetensors", "checkpoint-00000012.safetensors", "log.jsonl", "loss.svg", "model",
        "recipe.json",
      ])
  }

  @Test("A broken checkpoint is reported, and the one before taken")
  func broken() throws {
    var first = try run("broken", steps: 8)
    try first.train()
    let latest = place.file("broken/checkpoint-00000008.safetensors")
    let whole = try bytes("broken/checkpoint-00000008.safetensors")
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: latest))
    var notes: [String] = []
    let again = try run("broken", steps: 8) { notes.append($0) }
    #expect(again.state.step == 4)
    #expect(notes.contains { $0.contains("checkpoint-00000008") })
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: place.file("broken/checkpoint-00000004.safetensors")))
    #expect(throws: (any Error).self) { try run("broken", steps: 8) }
  }

  @Test("A run is resumed only with its own settings; the number of steps may change")
  func otherSettings() throws {
    var first = try run("mine", steps: 4)
    try first.train()
    let error = #expect(throws: TrainingError.self) { try run("mine", steps: 4, optimizer: .adamw) }
    #expect(try #require(error).description.contains("optimizer"))
    #expect(throws: TrainingError.self) { try run("mine", seed: 4) }
    #expect(try run("mine", steps: 20).state.step == 4)
  }

  @Test("The model of a run is a model: the average of the weights")
  func model() throws {
    var run = try run("model", steps: 4)
    try run.train()
    let folder = try ModelFolder.read(place.file("model/model"), .twoPass)
    let decoder = try #require(try folder.loadDecoder() as? TwoPassDecoder)
    #expect(folder.description.decoder == CodeFolder.decoder())
    #expect(decoder.outputWeights.values == run.state.ema["decoder.head.weight"]?.values)
    #expect(decoder.outputWeights.values != run.state.parameters["decoder.head.weight"]?.values)
    #expect(String(decoding: try bytes("model/loss.svg"), as: UTF8.self).contains("<polyline"))
  }
}
