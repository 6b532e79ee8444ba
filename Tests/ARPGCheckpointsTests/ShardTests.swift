import ARPGCheckpoints
import ARPGFiles
import ARPGTensor
import Foundation
import TestSupport
import Testing

/// Checkpoints that are divided over files, and folders with checkpoints.
struct ShardTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ tensors: [String: [Float]], as name: String) throws {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for (name, values) in tensors { writer.add(name, Tensor(shape: [values.count], values: values)) }
    try writer.write(to: folder.file(name))
  }

  private func index(_ map: [String: String], as name: String = "model.safetensors.index.json") throws -> String {
    let fields: JSONValue = .object([
      "metadata": .object(["total_size": .number(20), "other": .array([.null, .object([:])])]),
      "weight_map": .object(map.mapValues { .string($0) }),
    ])
    return try folder.write(JSONEncoder().encode(fields), as: name)
  }

  private func writeShards() throws -> String {
    try write(["module.a": [1, 2], "module.b": [3]], as: "model-00001-of-00002.safetensors")
    try write(["module.c": [4, 5], "unlisted": [6]], as: "model-00002-of-00002.safetensors")
    let (first, second) = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
    return try index(["module.a": first, "module.b": first, "module.c": second])
  }

  private func reason(_ path: String) throws -> String {
    let text = String(
      describing: try #require(#expect(throws: (any Error).self) { try Checkpoint.open(path) }))
    #expect(!text.contains("\n"))
    return text
  }

  @Test func shardsAreReadByTheirIndexAndByTheirFolder() throws {
    let path = try writeShards()
    for path in [path, folder.path, folder.path + "/"] {
      let source = try Checkpoint.open(path)
      #expect(source.names == ["a", "b", "c"])
      #expect(source.format == .safetensors)
      #expect(source.metadata == ["format": "pt"])
      #expect(try source.tensor(named: "a").values == [1, 2])
      #expect(try source.tensor(named: "b").values == [3])
      #expect(try source.tensor(named: "c").values == [4, 5])
      #expect(source.sourceName.hasSuffix("model.safetensors.index.json"))
    }
  }

  @Test func shardsOfPyTorchAreRead() throws {
    let shards = Fixtures.path("checkpoints/wild")
    for name in ["swa", "views"] {
      try FileManager.default.copyItem(atPath: "\(shards)/\(name).pt", toPath: folder.file("\(name).bin"))
    }
    let names = ["module.a.weight": "swa.bin", "n_averaged": "swa.bin", "negated": "views.bin"]
    let source = try Checkpoint.open(index(names, as: "pytorch_model.bin.index.json"))
    #expect(source.format == .pytorch)
    #expect(source.names == ["a.weight", "negated"])
    #expect(try source.tensor(named: "negated").values == [-1, -2, -3, -4, -5, -6])
  }

  @Test func linksOfASnapshotAreFollowedAndLoopsRefused() throws {
    _ = try writeShards()
    let snapshot = try TemporaryFolder()
    for name in try folder.contents {
      try FileManager.default.createSymbolicLink(
        atPath: snapshot.file(name), withDestinationPath: folder.file(name))
    }
    #expect(try Checkpoint.open(snapshot.path).names == ["a", "b", "c"])
    let loop = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: loop.file("model.safetensors"), withDestinationPath: loop.file("model.safetensors"))
    #expect(try reason(loop.path).contains("cannot be read"))
  }

  @Test(arguments: ["../outside.safetensors", "/etc/passwd", "sub/w.safetensors", "..", "", "a\nb"])
  func anIndexNamesOnlyFilesOfItsFolder(name: String) throws {
    #expect(try reason(index(["a": name])).contains("expected files of its own folder"))
  }

  @Test func whatIsMissingIsNamed() throws {
    try write(["a": [1]], as: "one.safetensors")
    let files = try reason(index(["a": "one.safetensors", "b": "two.safetensors", "c": "three.safetensors"]))
    #expect(files.contains("of its 3 files, three.safetensors, two.safetensors are missing"), "\(files)")
    let names = Dictionary(uniqueKeysWithValues: (0..<5).map { ("w\($0)", "one.safetensors") })
    let tensors = try reason(index(names))
    #expect(tensors.contains("the tensors w0, w1, w2 and 2 more that"), "\(tensors)")
  }

  @Test func hostileIndicesAreRefused() throws {
    let name = "model.safetensors.index.json"
    #expect(try reason(index(["a": name])).contains("a JSON text"))
    #expect(try reason(index([:])).contains("an index of 0 files"))
    let many = Dictionary(uniqueKeysWithValues: (0..<5000).map { ("w\($0)", "\($0).safetensors") })
    #expect(try reason(index(many)).contains("an index of 5000 files"))
    for text in [
      "{\"weight_map\": 3}", "{\"weight_map\": {\"a\": 3}}", "{\"weight_map\"", "{\"a\": {\"weight_map\": {}}}",
    ] {
      #expect(try reason(folder.write(text.utf8, as: name)).contains("expected a file's name for each tensor"))
    }
    let deep = "{\"weight_map\": " + String(repeating: "[", count: 1 << 20)
    #expect(try reason(folder.write(deep.utf8, as: name)).contains(name))
    let large = "{\"weight_map\": {}, \"a\": \"" + String(repeating: "a", count: 1 << 24) + "\"}"
    #expect(try reason(folder.write(large.utf8, as: name)).contains("a JSON text"))
    try FileManager.default.createDirectory(atPath: folder.file("sub.safetensors"), withIntermediateDirectories: false)
    #expect(try reason(index(["a": "sub.safetensors"])).contains("it is a folder"))
  }

  @Test func theCheckpointOfAFolderIsFound() throws {
    #expect(try Checkpoint.file(inFolder: folder.path) == nil)
    #expect(try reason(folder.path).contains("a folder without a checkpoint"))
    _ = try folder.write("{}".utf8, as: "config.json")
    _ = try folder.write([0], as: "._weights.pt")
    try write(["a": [1]], as: "weights.SAFETENSORS")
    #expect(try Checkpoint.open(folder.path).names == ["a"])
    try write(["b": [1]], as: "other.safetensors")
    #expect(try reason(folder.path).contains("the folder holds other.safetensors, weights.SAFETENSORS; give one"))
    try FileManager.default.copyItem(
      atPath: Fixtures.path("checkpoints/wild/swa.pt"), toPath: folder.file("pytorch_model.bin"))
    #expect(try Checkpoint.open(folder.path).names == ["a.weight", "b.weight"])
    try write(["c": [1]], as: "model.safetensors")
    #expect(try Checkpoint.open(folder.path).names == ["c"])
    #expect(throws: FileError.self) { try Checkpoint.file(inFolder: folder.file("none")) }
  }
}
