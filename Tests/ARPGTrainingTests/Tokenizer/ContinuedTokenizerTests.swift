import ARPG
import ARPGTensor
import ARPGTraining
import Foundation
import TestSupport
import Testing

@Suite("Training on from a tokenizer")
struct ContinuedTokenizerTests {
  private let place: TemporaryFolder
  private let images: TemporaryFolder
  private let data: ImageData

  init() throws {
    place = try TemporaryFolder()
    images = try TemporaryFolder()
    data = try TokenizerTaskTests.discs(in: images)
  }

  private func recipe(_ path: String, _ settings: (String, String)...) throws -> TokenizerRecipe {
    try TokenizerRecipe.load(
      nil,
      overrides: [
        ("continue_tokenizer", path), ("image_size", "16"), ("batch", "8"), ("learning_rate", "0.002"),
        ("muon_learning_rate", "0.002"), ("warmup", "0"), ("schedule", "constant"),
      ] + settings, defaults: { try TokenizerRecipe.defaults(for: $0, .twoPass) })
  }

  private func task(_ recipe: TokenizerRecipe) throws -> TokenizerTask {
    try TokenizerTask(recipe, data: images.path, .twoPass, seed: 1)
  }

  /// The checkpoint as it is published: a dictionary within a dictionary, with a count of uses beside the weights.
  private static let published = Fixtures.path("vq-published/tokenizer.pt")

  /// A model's folder with a golden tokenizer.
  private func model() throws -> String {
    let golden = try GoldenTokenizer("vq-patch")
    var description = ModelDescription(name: "m", imageSize: 32)
    let part = TokenizerPart(VQTokenizer.self, golden.configuration)
    description.tokenizer = part
    var writer = ModelWriter(description)
    writer.add(part.file, of: golden.checkpoint) { own, _ in own }
    try writer.write(to: place.file("model"))
    return place.file("model")
  }

  /// Checks that a task begins with the tokenizer that it goes on from.
  private func expectStart(_ task: TokenizerTask, of tokenizer: VQTokenizer, _ name: String) throws {
    #expect(task.configuration == tokenizer.configuration, "\(name)")
    let start = try task.initialParameters(seed: 1)
    try task.writeModel(start, to: place.file(name))
    let written = try ModelFolder.read(place.file(name), .twoPass).loadTokenizer()
    let batch = try data.images([0, 3, 5], isMirrored: [false, false, false])
    let (latents, codes) = try tokenizer.encode(batch), (otherLatents, others) = try written.encode(batch)
    #expect(latents.values == otherLatents.values && codes == others, "\(name)")
    let rows = 16 / tokenizer.configuration.downsamplingFactor
    let expected = try tokenizer.decode(codes, rows: rows, columns: rows)
    #expect(try written.decode(codes, rows: rows, columns: rows).largestDifference(from: expected) < 1e-4, "\(name)")
    // The first step is quantised by the codebook that is there.
    let first = try task.objective(start, SampleBatch(samples: [0, 1], step: 1, seed: 1))
    #expect(first.metrics["codes"] == Double(tokenizer.configuration.codebook), "\(name)")
  }

  @Test("A safetensors file, a PyTorch checkpoint and a model's folder are where training begins, with their sizes")
  func starts() throws {
    let tiny = try GoldenTokenizer("vq-tiny"), patch = try GoldenTokenizer("vq-patch")
    let file = try recipe(Fixtures.path("vq-tiny/model.safetensors"))
    try expectStart(task(file), of: tiny.load(), "file")
    let checkpoint = try Checkpoint.open(Self.published)
    let sizes = VQConfiguration(
      channels: 8, multipliers: [1, 1, 1], blocks: 1, latent: 8, codebook: 64, codeDim: 8, groups: 4)
    let torch = try recipe(Self.published, ("groups", "4"))
    try expectStart(task(torch), of: VQTokenizer.load(sizes, from: checkpoint), "torch")
    let folder = try TokenizerRecipe.load(
      nil, overrides: [("continue_tokenizer", model())], defaults: { try TokenizerRecipe.defaults(for: $0, .twoPass) })
    #expect(folder.imageSize == 32)
    try expectStart(task(recipe(model())), of: patch.load(), "folder")
    // The same sizes may be said.
    try expectStart(task(recipe(model(), ("codebook", "32"), ("groups", "8"))), of: patch.load(), "same")
  }

  @Test("Training on improves the images, and codes that are not used stay where they are")
  func training() throws {
    let recipe = try recipe(Self.published, ("groups", "4"), ("mirror", "false"))
    var loop = TrainingLoop(try task(recipe), settings: recipe.loop.settings, seed: 1)
    var state = try loop.start()
    let before = state.parameters["quantize.embedding.weight"]?.values ?? []
    var used: Set<Int> = [], reports: [StepReport] = []
    for _ in 0..<400 {
      let tokenizer = VQTokenizer(loop.task.configuration, ParameterReader(tensors: state.parameters))
      let batch = try data.images(Array(0..<8), isMirrored: Array(repeating: false, count: 8))
      used.formUnion(tokenizer.codes(of: tokenizer.latents(of: batch)))
      reports.append(try loop.step(&state))
    }
    let first = try #require(reports.first?.metrics["psnr"]), last = try #require(reports.last?.metrics["psnr"])
    #expect(last > first + 3, "\(first) to \(last) dB")
    let after = state.parameters["quantize.embedding.weight"]?.values ?? []
    var moved = 0
    for code in 0..<64 {
      let distance = (0..<8).reduce(Float(0)) { max($0, abs(before[code * 8 + $1] - after[code * 8 + $1])) }
      if used.contains(code) { moved += distance > 1e-3 ? 1 : 0 } else { #expect(distance < 1e-5, "\(code)") }
    }
    #expect(used.count < 64 && moved > 0)
  }

  @Test("Sizes that the tokenizer has not are refused, all in a line")
  func otherSizes() throws {
    let recipe = try recipe(
      Self.published, ("groups", "4"), ("codebook", "32"), ("multipliers", "[1,2,1]"), ("attention", "false"))
    let error = #expect(throws: TrainingError.self) { try task(recipe) }
    let message = error?.description ?? ""
    for word in [
      "tokenizer.pt", "attention true, not false", "codebook 64, not 32", "multipliers [1,1,1], not [1,2,1]",
    ] {
      #expect(message.contains(word), "\(message)")
    }
    #expect(!message.contains("\n") && !message.contains("channels"))
  }

  @Test("What cannot be trained on is refused: no encoder, no tokenizer, nothing")
  func refusals() throws {
    let checkpoint = try Checkpoint.open(Self.published)
    var writer = SafetensorsWriter(), other = SafetensorsWriter()
    for name in checkpoint.names {
      if !name.hasPrefix("encoder.") { writer.add(name, try checkpoint.tensor(named: name)) }
      if name != "encoder.mid.0.conv1.bias" { other.add(name, try checkpoint.tensor(named: name)) }
    }
    try writer.write(to: place.file("decoder.safetensors"))
    try other.write(to: place.file("part.safetensors"))
    try ModelWriter(ModelDescription(name: "m", imageSize: 16)).write(to: place.file("empty"))
    for (path, words) in [
      (place.file("decoder.safetensors"), "a tokenizer without an encoder"),
      (place.file("part.safetensors"), "encoder.mid.0.conv1.bias [8] is missing"),
      (Fixtures.path("arpg-tiny/model.safetensors"), "those of no tokenizer"), (place.file("none.pt"), "none.pt"),
      (place.file("empty"), "without a tokenizer"), (images.path, "without a checkpoint"),
    ] {
      let error = #expect(throws: (any Error).self) { try recipe(path, ("groups", "4")) }
      #expect("\(try #require(error))".contains(words), "\(path): \(String(describing: error))")
    }
    // 32 does not divide the channels, and no tensor tells the groups.
    let error = #expect(throws: (any Error).self) { try recipe(Self.published) }
    #expect("\(try #require(error))".contains("give groups"))
  }
}
