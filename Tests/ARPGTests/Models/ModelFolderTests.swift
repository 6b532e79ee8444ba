import ARPG
import ARPGDecoder
import Foundation
import TestSupport
import Testing

struct ModelFolderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static var description: ModelDescription {
    var description = ModelDescription(name: "Tiny", imageSize: 16)
    description.summary = "A model"
    description.trainingData = "None"
    description.limits = "All"
    description.decoder = DecoderPart(
      TwoPassDecoder.self,
      TwoPassConfiguration(dim: 16, layers: 2, heads: 2, hidden: 48, vocab: 64, classes: 2, tokens: 16))
    description.tokenizer = TokenizerPart(
      VQTokenizer.self,
      VQConfiguration(
        channels: 16, multipliers: [1, 2], blocks: 1, latent: 16, codebook: 64, groups: 8, patch: 2, attention: false))
    description.tokenizer?.file = "parts/tokenizer.safetensors"
    description.precision = .int8
    description.classNames = ["cat", "dog/puppy"]
    description.sampling.steps = 8
    description.sampling.topP = 0.9
    description.samplingWithoutControls.guidance = 4
    description.adapters = [
      "edges": .init(
        file: "edges.safetensors",
        configuration: .object([
          "layers": .array([.number(0), .number(2)]), "deep": .object(["a": .bool(true), "b": .null]),
        ])
      )
    ]
    return description
  }

  private func read(_ path: String) throws(ModelFolderError) -> ModelFolder { try ModelFolder.read(path, .twoPass) }

  private func fill() throws {
    try FileManager.default.createDirectory(atPath: folder.file("parts"), withIntermediateDirectories: true)
    for name in ["decoder.safetensors", "parts/tokenizer.safetensors", "edges.safetensors"] {
      _ = try folder.write([], as: name)
    }
  }

  private func reason() throws -> String {
    try #require(throws: ModelFolderError.self) { try read(folder.path) }.description
  }

  @Test func whatIsWrittenIsRead() throws {
    try fill()
    try ModelWriter(Self.description).write(to: folder.path)
    let read = try read(folder.path)
    #expect(read.description == Self.description)
    #expect(read.path(of: "a.b") == folder.file("a.b"))
    let text = try String(contentsOfFile: folder.file("model.json"), encoding: .utf8)
    for key in [
      "\"format\" : 1", "\"rope_base\"", "\"norm_eps\"", "\"code_dim\"", "\"class_names\"", "\"dog/puppy\"",
      "\"top_p\"", "\"precision\" : \"int8\"", "\"sampling_without_controls\" : {\n    \"guidance\" : 4\n  }",
    ] {
      #expect(text.contains(key), "\(key)")
    }
  }

  @Test func aNewFolderIsMade() throws {
    let path = folder.file("new/model")
    try ModelWriter(ModelDescription(name: "Empty", imageSize: 8)).write(to: path)
    #expect(try read(path).description == ModelDescription(name: "Empty", imageSize: 8))
  }

  @Test func whatIsMissingIsNamed() throws {
    let none = #expect(throws: ModelFolderError.self) { try read(folder.file("none")) }
    #expect(none?.description.contains("no such folder") == true)
    #expect(try reason().contains("model.json: cannot be read: No such file"))
    try ModelWriter(Self.description).write(to: folder.path)
    #expect(try reason().contains("decoder.safetensors, edges.safetensors, parts/tokenizer.safetensors missing"))
    try fill()
    try FileManager.default.removeItem(atPath: folder.file("edges.safetensors"))
    #expect(try reason().contains("\(folder.path): edges.safetensors missing"))
  }

  @Test(arguments: [
    ("{", "not JSON"), ("[]", "not of the type"), ("{\"name\": \"a\", \"image_size\": 8}", "format is missing"),
    ("{\"format\": 2, \"name\": \"a\", \"image_size\": 8}", "format is 2; expected 1"),
    ("{\"format\": 1, \"image_size\": 8}", "name is missing"),
    ("{\"format\": 1, \"name\": \"a\", \"image_size\": 0}", "image_size is 0"),
    ("{\"format\": 1, \"name\": \"a\", \"image_size\": 8, \"decoder\": {\"file\": \"d\"}}", "decoder.dim is missing"),
    ("{\"format\": 1, \"name\": \"a\", \"image_size\": 8, \"sampling\": {\"steps\": 0}}", "steps is 0"),
    ("{\"format\": 1, \"name\": \"a\", \"image_size\": 8, \"adapters\": {\"e\": {\"file\": 1}}}", "adapters.e.file"),
    (
      "{\"format\": 1, \"name\": \"a\", \"image_size\": 8, \"decoder\": {\"file\": \"d\", \"dim\": 16, \"layers\": 3, "
        + "\"heads\": 2, \"vocab\": 8, \"classes\": 2, \"tokens\": 16}}", "layers is 3"
    ),
  ])
  func brokenDescriptionsAreExplained(text: String, expected: String) throws {
    _ = try folder.write(text.utf8, as: "model.json")
    let reason = try reason()
    #expect(reason.hasPrefix(folder.file("model.json")))
    #expect(reason.contains(expected), "\(reason)")
  }

  @Test(arguments: ["../secret", "/etc/passwd", "a/../../b", "", "a//b", ".", "a\0b"])
  func filesOutsideTheFolderAreRefused(name: String) throws {
    var description = ModelDescription(name: "a", imageSize: 8)
    description.adapters["edges"] = .init(file: name, configuration: .null)
    #expect(throws: ModelFolderError.self) { try ModelWriter(description).write(to: folder.path) }
    _ = try folder.write(JSONEncoder().encode(description), as: "model.json")
    #expect(try reason().contains("expected a name inside the model's folder"))
  }

  @Test func partsMustGoTogether() throws {
    func reason(_ change: (inout ModelDescription) -> Void) throws -> String {
      var description = Self.description
      change(&description)
      return try #require(throws: ModelFolderError.self) { try ModelWriter(description).write(to: folder.path) }
        .description
    }
    #expect(try reason { $0.imageSize = 32 }.contains("image_size is 32; expected 4 codes of 4 pixels: 16"))
    #expect(try reason { $0.classNames = ["one"] }.contains("class_names is 1"))
    #expect(
      try reason { $0.tokenizer = TokenizerPart(VQTokenizer.self, VQConfiguration(codebook: 32)) }.contains(
        "codebook of the tokenizer is 32"))
    #expect(try folder.contents.isEmpty)
  }

  @Test func aHugeDescriptionIsNotRead() throws {
    _ = try folder.write(repeatElement(0x20, count: 1 << 20 + 1), as: "model.json")
    #expect(try reason().contains("1048576"))
  }
}
