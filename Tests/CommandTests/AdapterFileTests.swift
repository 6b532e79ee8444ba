import ARPG
import ARPGStarter
import Foundation
import TestSupport
import Testing

@Suite("Adapters as files")
struct AdapterFileTests {
  private let place: Workplace
  private let sketch = Workplace.example("mug.png")

  init() throws { place = try Workplace() }

  /// Runs the program with a folder of adapters in the workplace.
  private func run(_ arguments: String...) throws -> ARPGProcess {
    try ARPGProcess(arguments, in: place.folder, environment: ["ARPG_ADAPTERS": place.path("mine")])
  }

  private func succeed(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> ARPGProcess {
    let process = try ARPGProcess(arguments, in: place.folder, environment: ["ARPG_ADAPTERS": place.path("mine")])
    #expect(process.status == 0, "\(arguments): \(process.errors)", sourceLocation: sourceLocation)
    return process
  }

  @Test("A file of a model's adapter acts as the model's own, from anywhere, and nothing is written into the model")
  func beside() throws {
    try FileManager.default.copyItem(atPath: Starter.path(), toPath: place.path("model"))
    // A model without adapters of its own, that nothing can be written into.
    var description = try String(contentsOfFile: place.path("model/model.json"), encoding: .utf8)
    let start = try #require(description.range(of: "\"adapters\": {")),
      end = try #require(description.range(of: "\"class_names\""))
    description.replaceSubrange(start.lowerBound..<end.lowerBound, with: "\"adapters\": {},\n  ")
    try Data(description.utf8).write(to: URL(fileURLWithPath: place.path("model/model.json")))
    chmod(place.path("model"), 0o555)
    defer { chmod(place.path("model"), 0o755) }

    let exported = try succeed([
      "adapters", "export", "canny", "-o", "soft.safetensors", "--license", "CC0-1.0", "--of-version", "2", "--json",
    ])
    let manifest = try #require(exported.json()["manifest"] as? [String: Any])
    #expect(manifest["license"] as? String == "CC0-1.0" && manifest["adapter"] as? String == "canny")
    let arguments = ["--class", "mug", "--seed", "3", "--steps", "4"]
    _ = try succeed(["control", "--edges", sketch, "-o", "own.png"] + arguments)
    let given = try succeed(
      ["control", "--model", "model", "--adapter", "soft.safetensors", "--edges", sketch, "-o", "given.png"] + arguments
    )
    #expect(try place.image("given.png") == place.image("own.png") && !given.errors.contains("another"))
    let check = try succeed(["adapters", "check", "soft.safetensors", "--model", "model"])
    #expect(check.output.contains("trained for this model") && check.output.contains("CC0-1.0"))

    _ = try succeed(["adapters", "add", "soft.safetensors", "--name", "soft"])
    #expect(try succeed(["adapters", "list"]).lines.first?.hasPrefix("soft (canny)") == true)
    _ = try succeed(["control", "--model", "model", "--control", "soft=\(sketch)", "-o", "found.png"] + arguments)
    #expect(try place.image("found.png") == place.image("own.png"))
    let text = try succeed(["info", "found.png"]).output
    #expect(text.contains("\"soft\" : \"\(try #require(manifest["weights"] as? String))\""))
    _ = try succeed(["adapters", "remove", "soft"])
    #expect(try run("control", "--model", "model", "--control", "soft=\(sketch)").errors.contains("no adapter 'soft'"))
    #expect(try run("adapters", "remove", "soft").status == 1)
  }

  @Test("A file brings a sample, and images name its kind and version")
  func sample() throws {
    _ = try succeed(["adapters", "export", "canny", "-o", "s.safetensors", "--of-version", "2.1", "--sample", sketch])
    let size = try FileManager.default.attributesOfItem(atPath: place.path("s.safetensors"))[.size] as? Int ?? 0
    let plain = try FileManager.default.attributesOfItem(atPath: Starter.path() + "/canny.safetensors")[.size] as? Int
    #expect(size < (plain ?? 0) + 100_000)
    let check = try succeed(["adapters", "check", "s.safetensors", "--sample", "sample.png"])
    #expect(check.output.contains("sample.png"))
    #expect(try place.image("sample.png").width > 0)
    _ = try succeed([
      "control", "--adapter", "mine=s.safetensors", "--control", "mine=\(sketch)", "--steps", "2", "-o", "out.png",
    ])
    let text = try succeed(["info", "out.png"]).output
    #expect(text.contains("\"adapter_version\" : \"2.1\"") && text.contains("\"kind\" : \"canny\""), "\(text)")

    _ = try succeed(["adapters", "export", "canny", "-o", "none.safetensors"])
    let none = try run("adapters", "check", "none.safetensors", "--sample", "x.png")
    #expect(none.status == 1 && none.errors.contains("brings no sample"))
  }

  @Test("Weights of an adapter serve another of the same network, and none of another")
  func borrowed() throws {
    _ = try succeed(["adapters", "export", "canny", "--as", "depth", "-o", "d.safetensors"])
    let check = try succeed(["adapters", "check", "d.safetensors"])
    #expect(check.output.contains("adapter     depth") && check.output.contains("Weights of the adapter canny"))
    let unknown = try run("adapters", "export", "canny", "--as", "deph", "-o", "x.safetensors")
    #expect(unknown.status == 1 && unknown.errors.contains("did you mean 'depth'?"))
    let other = try run("adapters", "export", "canny", "--as", "text-features", "-o", "x.safetensors")
    #expect(other.status == 1 && !FileManager.default.fileExists(atPath: place.path("x.safetensors")))
    let stranger = try run(
      "train", "adapter", "--data", "none", "-o", "run", "--set", "adapters=canny", "--adapter", "d.safetensors")
    #expect(stranger.status == 1 && stranger.errors.contains("it is for the adapter 'depth', which is not trained"))
  }

  @Test("Two of one kind act at once, each with a strength of its own")
  func two() throws {
    _ = try succeed(["adapters", "export", "canny", "-o", "c.safetensors"])
    let other = Workplace.example("house.png")
    let rest = ["--steps", "4", "--seed", "2"]
    _ = try succeed(
      [
        "control", "--adapter", "a=c.safetensors", "--adapter", "b=c.safetensors", "--control", "a=\(sketch)",
        "--control",
        "b=\(other),strength=0.5", "-o", "two.png",
      ] + rest)
    _ = try succeed(
      ["control", "--edges", sketch, "--control", "canny=\(other),strength=0.5", "-o", "same.png"] + rest)
    #expect(try place.image("two.png") == place.image("same.png"))
    let twice = try run("control", "--adapter", "c.safetensors", "--adapter", "c.safetensors", "--edges", sketch)
    #expect(twice.status == 1 && twice.errors.contains("NAME=c.safetensors"))
  }

  @Test("What training and half precision write describes itself, and fits by its hashes")
  func trained() throws {
    try place.run("data", "scenes", "-o", "scenes", "--count", "2", "--size", "256")
    try place.run("data", "prepare", "scenes", "-o", "data", "--adapters", "canny")
    try place.run(
      "train", "adapter", "--data", "data", "-o", "run", "--set", "adapters=canny", "--set", "batch=1", "--steps", "1",
      "--quiet")
    #expect(
      try succeed(["adapters", "check", "run/model/canny.safetensors"]).output.contains("trained for this model"))
    try place.run("convert", "--half", "run/model", "-o", "half")
    let half = try succeed(["adapters", "check", "half/canny.safetensors", "--model", "half"])
    #expect(half.output.contains("fits"))
    let file = try AdapterFile(contentsOf: place.path("half/canny.safetensors"))
    #expect(file.manifest.adapter == "canny" && file.manifest.decoder?.dim == 384)
  }

  @Test("Files that are no adapter, lie, or do not fit are refused in one line")
  func hostile() throws {
    let weights = "\(try Starter.path())/canny.safetensors"
    #expect(try run("adapters", "check", weights).errors.contains("does not describe itself"))
    _ = try succeed(["adapters", "export", "canny", "-o", "good.safetensors"])
    let good = try AdapterFile(contentsOf: place.path("good.safetensors"))
    func write(_ name: String, _ metadata: [String: String], factor: Float = 1) throws {
      var writer = SafetensorsWriter(metadata: metadata)
      for name in good.checkpoint.names {
        let tensor = try good.checkpoint.tensor(named: name)
        writer.add(name, Tensor(shape: tensor.shape, values: tensor.values.map { $0 * factor }))
      }
      try writer.write(to: place.path(name))
    }
    func refuse(_ name: String, _ word: String) throws {
      let process = try run("control", "--adapter", name, "--edges", sketch, "-o", "x.png")
      #expect(process.status == 1 && process.errors.contains(word), "\(name): \(process.errors)")
      #expect(
        process.errors.split(separator: "\n").count == 1 && !FileManager.default.fileExists(atPath: place.path("x.png"))
      )
    }
    try write("changed.safetensors", good.manifest.metadata(), factor: 1.5)
    try refuse("changed.safetensors", "not those that its description was written for")
    for (number, text) in ["", "{", "[]", "{\"adapter\": 3}", String(repeating: "[", count: 100_000)].enumerated() {
      try write("bad\(number).safetensors", [AdapterManifest.key: text])
      try refuse("bad\(number).safetensors", "cannot be used")
    }
    var manifest = good.manifest
    manifest.interface = 99
    try write("new.safetensors", manifest.metadata())
    try refuse("new.safetensors", "its interface is 99")
    manifest = good.manifest
    manifest.adapter = "pose"
    try write("pose.safetensors", manifest.metadata())
    try refuse("pose.safetensors", "'pose', which this program does not have")
    manifest = good.manifest
    manifest.decoder?.dim = 1024
    try write("wide.safetensors", manifest.metadata())
    try refuse("wide.safetensors", "its width is 1024, the model's 384")
    manifest = good.manifest
    manifest.decoder?.fingerprint = "0"
    try write("other.safetensors", manifest.metadata())
    let process = try succeed(
      ["control", "--adapter", "other.safetensors", "--edges", sketch, "--steps", "2", "-o", "o.png"])
    #expect(process.errors.contains("trained with another decoder"))
    for name in ["../x", "", "A"] {
      #expect(try run("adapters", "add", "good.safetensors", "--name", name).errors.contains("lower-case letters"))
    }
  }
}
