import ARPG
import ARPGStarter
import ARPGTensor
import ARPGTraining
import CannyControl
import Foundation
import TestSupport
import Testing

@Suite("Classes, data and settings that are not those of before")
struct ChangedDataTests {
  private let codes: CodeFolder
  private let place: TemporaryFolder

  init() throws {
    codes = try CodeFolder()
    place = try TemporaryFolder()
  }

  /// The data with a decoder's classes.
  private func data(of names: [String]) throws -> TrainingData {
    try codes.data().withClasses(names, count: names.count)
  }

  private func rename(_ labels: [String]) throws {
    for (index, label) in labels.enumerated() {
      try FileManager.default.moveItem(
        atPath: "\(codes.path)/codes/\(index)", toPath: "\(codes.path)/codes/\(label)")
    }
  }

  @Test("A class is the one of its name or index in the decoder's order, and no other")
  func mapping() throws {
    try rename(["mug", "boat"])
    let own = try codes.data()
    #expect(own.classNames == ["boat", "mug"])
    let mapped = try data(of: ["ant", "boat", "cat", "mug"])
    #expect(mapped.classNames == ["ant", "boat", "cat", "mug"] && mapped.classes == 4)
    let labels = try (0..<8).map { try mapped.sample($0) { _ in 0 }.label }
    #expect(labels == [1, 1, 1, 1, 3, 3, 3, 3])
    let error = #expect(throws: TrainingError.self) { try data(of: ["ant", "boat", "mugs"]) }
    #expect(error?.description.contains("the classes mug, which the decoder does not know") == true)
    #expect(error?.description.contains("did you mean 'mugs'?") == true)
  }

  private func run(rate: Float = 0.01, accepting: Bool = false, note: (String) -> Void = { _ in }) throws
    -> TrainingRun<DecoderTask>
  {
    let task = try DecoderTask(data: codes.data(), decoder: CodeFolder.decoder(), model: CodeFolder.description)
    var recipe = LoopRecipe()
    (recipe.batch, recipe.steps, recipe.learningRate) = (2, 4, rate)
    return try TrainingRun(
      TrainingLoop(task, settings: recipe.settings, seed: 1), folder: place.file("run"),
      recipe: JSONValue(encoding: recipe), changeable: LoopRecipe.changeable, acceptsNewData: accepting,
      intervals: .init(recipe), note: note)
  }

  @Test("A run is not resumed with other data unless that is accepted")
  func otherData() throws {
    var first = try run()
    try first.train { $0.report.step < 2 }
    try FileManager.default.removeItem(atPath: "\(codes.path)/codes/0/0.npy")
    let error = #expect(throws: TrainingError.self) { try run() }
    #expect(error?.description.contains("--accept-new-data") == true)
    var notes: [String] = []
    var second = try run(accepting: true) { notes.append($0) }
    #expect(second.state.step == 2 && notes.contains { $0.contains("data_fingerprint") })
    try second.train()
  }

  @Test("The learning rate of a run that is resumed may be another one, which its log tells")
  func otherRate() throws {
    var first = try run()
    try first.train { $0.report.step < 2 }
    var notes: [String] = []
    var second = try run(rate: 0.001) { notes.append($0) }
    #expect(notes.first == "the setting learning_rate 0.01 is now 0.001")
    try second.train()
    let log = try String(contentsOfFile: place.file("run/log.jsonl"), encoding: .utf8).split(separator: "\n")
    let records = try log.map { try JSONDecoder().decode(LogRecord.self, from: Data($0.utf8)) }
    #expect(records.first?.changes == nil)
    #expect(records.last?.changes == ["learning_rate 0.01 is now 0.001"])
  }

  @Test("A decoder that is trained on takes the classes of the data: rows are kept by name, others are new")
  func otherClasses() throws {
    var description = CodeFolder.description
    description.classNames = ["ant", "boat", "cat"]
    let first = try DecoderTask(data: codes.data(), decoder: CodeFolder.decoder(classes: 3), model: description)
    try first.writeModel(first.initialParameters(seed: 2), to: place.file("first"))
    let model = try ModelFolder.read(place.file("first"), .twoPass)
    try rename(["zebra", "boat"])
    var recipe = DecoderRecipe()
    recipe.continueDecoder = true
    let task = try DecoderTask(recipe, data: codes.data(), model: model, .twoPass, seed: 5)
    #expect(task.notes == ["the decoder now has the 2 classes of the data: 1 are kept, new are zebra"])
    #expect(task.model.classNames == ["boat", "zebra"] && task.part.layout.classes == 2)
    try task.writeModel(task.initialParameters(seed: 5), to: place.file("second"))
    let second = try ModelFolder.read(place.file("second"), .twoPass)
    let (old, new) = (try model.loadDecoder(), try second.loadDecoder())
    func row(_ decoder: any ImageDecoder, _ label: Int?) throws -> [Float] {
      try decoder.prefix(ofClasses: [label]).values
    }
    #expect(try row(new, 0) == row(old, 1) && row(new, nil) == row(old, nil))
    let zebra = try row(new, 1)
    #expect(try (0..<3).allSatisfy { try row(old, $0) != zebra })
    #expect(new.outputWeights.values == old.outputWeights.values)
  }

  @Test("Codes of one tokenizer do not train a model with another")
  func otherTokenizer() throws {
    let model = try ModelFolder.read(Starter.path(), .twoPass)
    let part = try #require(model.description.tokenizer)
    var description = ModelDescription(name: "data", imageSize: model.description.imageSize)
    description.tokenizer = part
    try ModelWriter(description).write(to: place.file("data"))
    let file = place.file("data/\(part.file)")
    try FileManager.default.createDirectory(
      atPath: place.file("data/codes/\(model.description.classNames[0])"), withIntermediateDirectories: true)
    try NPYFile(shape: [1, 1, 256], values: Array(repeating: 1, count: 256))
      .write(to: place.file("data/codes/\(model.description.classNames[0])/a.npy"))
    func task() throws -> DecoderTask {
      var recipe = DecoderRecipe()
      (recipe.trainDecoder, recipe.adapters) = (false, ["canny"])
      var registries = Registries.twoPass
      try registries.adapters.register(CannyControl())
      return try DecoderTask(
        recipe, data: TrainingData(place.file("data"), .twoPass), model: model, registries, seed: 1)
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: model.path(of: part.file)))
    try bytes.write(to: URL(fileURLWithPath: file))
    _ = try task()
    bytes[bytes.count - 5] ^= 1
    try bytes.write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: TrainingError.self) { try task() }
    #expect(error?.description.contains("codes of another tokenizer") == true)
  }
}
