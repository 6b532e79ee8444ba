import ARPG
import ARPGTensor
import ARPGTraining
import ClassControl
import Foundation
import TestSupport
import Testing

@Suite("Somebody else's decoder family and tokenizer")
struct ForeignFamilyTests {
  private let place: TemporaryFolder
  private var registries = Registries.twoPass
  private let sizes = MeanDecoder.Configuration(side: 4, dim: 8, vocab: 6, classes: 3)

  init() throws {
    place = try TemporaryFolder()
    try registries.decoders.register(MeanDecoder.self)
    try registries.tokenizers.register(PaletteTokenizer.self)
    try ClassControl.register(in: &registries.adapters)
  }

  private func write(_ tensors: [String: Tensor], _ name: String) throws -> String {
    var writer = SafetensorsWriter()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) { writer.add(name, tensor) }
    try writer.write(to: place.file(name))
    return place.file(name)
  }

  /// Converts checkpoints of both into a model.
  private func convert() throws -> ModelFolder {
    let colours = (0..<18).map { Float($0 * 7 % 19) / 9 - 1 }
    var conversion = ModelConversion()
    conversion.decoder = try write(MeanDecoder.initialParameters(sizes, seed: 2), "decoder.safetensors")
    conversion.tokenizer = try write(["palette": Tensor(shape: [6, 3], values: colours)], "palette.safetensors")
    conversion.classNames = ["red", "green", "blue"]
    return try conversion.write(to: place.file("model"), registries)
  }

  @Test("The family keeps the rules of all families")
  func contract() throws {
    try expectDecoderContract(
      MeanDecoder(sizes, ParameterReader(tensors: MeanDecoder.initialParameters(sizes, seed: 2))))
  }

  @Test("Requests of all kinds in one batch are each what it is alone")
  func merged() throws {
    try expectMergedRequests(
      MeanDecoder(sizes, ParameterReader(tensors: MeanDecoder.initialParameters(sizes, seed: 2))))
  }

  @Test("Checkpoints are recognised, converted, described and loaded by their names in the registries")
  func model() throws {
    let folder = try convert()
    #expect(folder.description.decoder == DecoderPart(MeanDecoder.self, sizes))
    #expect(folder.description.sampling.schedule == .cosine && folder.description.imageSize == 16)
    let text = try String(contentsOfFile: place.file("model/model.json"), encoding: .utf8)
    #expect(text.contains("\"architecture\" : \"mean\"") && text.contains("\"architecture\" : \"palette\""))
    #expect(try ModelFolder.read(folder.path, registries).description == folder.description)
    let error = #expect(throws: ModelFolderError.self) { try ModelFolder.read(folder.path, .twoPass) }
    #expect(error?.description.contains("there is no decoder family 'mean'") == true)
  }

  @Test("Images are sampled with guidance, a batch of classes and known codes, as with any family")
  func sampling() throws {
    let model = try Model.load(convert().path, registries)
    let pipeline = Pipeline(model, adapters: registries.adapters)
    let classes = try pipeline.prepare([ControlSpecification("class", .text("red,blue"))])
    let images = try pipeline.generate(classes, count: 2, seed: 5)
    #expect(images.count == 4 && images.allSatisfy { $0.image.width == 16 })
    let alone = try pipeline.generate(
      pipeline.prepare([ControlSpecification("class", .text("blue"))]), count: 2, seed: 5)
    #expect(alone.map(\.codes) == images[2...].map(\.codes))
    let known = KnownCodes(positions: [3, 7], codes: [[5, 1]])
    let kept = try pipeline.generate(seed: 5, known: known)
    #expect(kept[0].codes[3] == 5 && kept[0].codes[7] == 1)
    let codes = try model.tokenizer.encode(kept[0].image.tensor.reshaped(1, 3, 16, 16)).codes
    #expect(codes == [kept[0].codes])
    var settings = model.sampling
    settings.order = .confidence
    let sure = try pipeline.generate(classes, count: 2, settings: settings, seed: 5, known: known)
    #expect(sure.allSatisfy { $0.codes[3] == 5 && $0.codes[7] == 1 } && Set(sure.map(\.codes)).count > 1)
    settings.schedule = .arccos
    #expect(throws: SamplingError.self) { try pipeline.generate(settings: settings) }
  }

  @Test("It is trained by the package's loop")
  func training() throws {
    let codes = place.file("data/codes")
    for (label, code) in [("0", 1), ("2", 4)] {
      try FileManager.default.createDirectory(atPath: "\(codes)/\(label)", withIntermediateDirectories: true)
      try NPYFile(shape: [1, 1, 16], values: Array(repeating: code, count: 16)).write(to: "\(codes)/\(label)/0.npy")
    }
    let recipe = try DecoderRecipe.load(
      nil,
      overrides: [
        ("architecture", "arpg"), ("vocab", "6"), ("batch", "2"), ("steps", "60"), ("learning_rate", "0.03"),
        ("warmup", "0"), ("ema", "0"), ("drop_all", "0"), ("dropout", "0"), ("continue_decoder", "true"),
      ])
    let task = try DecoderTask(
      recipe, data: TrainingData(place.file("data"), registries), model: convert(), registries, seed: 1)
    var loop = TrainingLoop(task, settings: recipe.loop.settings, seed: 1)
    var state = try loop.start()
    let first = try loop.step(&state).loss
    for _ in 0..<50 { _ = try loop.step(&state) }
    #expect(try loop.step(&state).loss < 0.3 * first)
    try task.writeModel(state.parameters, to: place.file("trained"))
    let model = try Model.load(place.file("trained"), registries)
    let pipeline = Pipeline(model, adapters: registries.adapters)
    var settings = model.sampling
    settings.topK = 1
    let blue = try pipeline.prepare([ControlSpecification("class", .text("2"))])
    #expect(try pipeline.generate(blue, settings: settings)[0].codes == Array(repeating: 4, count: 16))
  }
}
