import ARPG
import ARPGCommands
import Foundation
import TestSupport
import Testing

@Suite("What the commands refuse")
struct RefusalTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test("Options out of range name the range")
  func ranges() throws {
    try place.refuse("sample", "--steps", "0", saying: "steps", "1 to")
    try place.refuse("sample", "--top-p", "1.5", saying: "top-p", "0 to 1")
    try place.refuse("sample", "--temperature", "nan", saying: "temperature", "0 to 100")
    try place.refuse("sample", "--count", "0", saying: "count", "1 to")
    try place.refuse("sample", "--threads", "0", saying: "threads", "1 to")
    try place.refuse("sample", "--preview-every", "0", saying: "preview-every", "1 or more")
    try place.refuse("sample", "--schedule", "linear", saying: "arccos")
    try place.refuse("sample", "-o", "image.gif", saying: "image.gif", ".png")
    try place.refuse("sample", "-o", "nowhere/image.png", saying: "nowhere")
    try place.refuse("control", "--edges", Workplace.example("mug.png") + ",from=0.8,to=0.2", saying: "0.8", "0.2")
    try place.refuse("control", "--edges", Workplace.example("mug.png") + ",low=-3", saying: "low", "0 to 2040")
    try place.refuse("control", "--edges", Workplace.example("mug.png") + ",middle=3", saying: "middle", "low")
  }

  @Test("Names that are not known come with the nearest that is")
  func names() throws {
    try place.refuse("sample", "--class", "mushrom", saying: "mushrom", "mushroom")
    try place.refuse("sample", "--class", "16", saying: "16", "0 to 15")
    try place.refuse("control", "--control", "cany=x.png", saying: "cany", "canny", "depth")
    try place.refuse("adapters", "dept", saying: "depth")
    try place.refuse("sample", "--model", "nowhere", saying: "nowhere", "model.json")
    try place.refuse("control", saying: "--edges")
    try place.refuse("sample", "--edges", "x.png", saying: "--edges")
  }

  @Test("Images that cannot be read are refused in a line")
  func images() throws {
    let png = try Data(contentsOf: URL(fileURLWithPath: Workplace.example("mug.png")))
    let files: [(String, Data)] = [
      ("empty.png", Data()), ("text.png", Data("hello\n".utf8)), ("gif.png", Data("GIF89a".utf8)),
      ("cut.png", png.prefix(png.count / 2)), ("junk.jpg", Data([0xFF, 0xD8, 0xFF, 0, 1, 2])),
    ]
    for (name, data) in files {
      try data.write(to: place.folder.appendingPathComponent(name))
      try place.refuse("control", "--edges", name, "-o", "out.png", saying: name)
      try place.refuse("preprocess", "canny", name, "-o", "out.png", saying: name)
      try place.refuse("info", name, saying: name)
    }
    try place.refuse("control", "--edges", "missing.png", "-o", "out.png", saying: "missing.png")
    try place.refuse("control", "--edges", ".", "-o", "out.png", saying: "folder")
  }

  @Test("Every broken checkpoint is refused")
  func checkpoints() throws {
    let folder = Fixtures.path("checkpoints/bad")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count >= 18)
    for name in names {
      try place.refuse("info", "\(folder)/\(name)", saying: name)
      try place.refuse(
        "convert", "--decoder", "\(folder)/\(name)", "--heads", "2", "--grid", "4", "-o", "model", saying: name)
    }
    #expect(!FileManager.default.fileExists(atPath: "arpg-pickle-was-executed"))
  }

  @Test("Parts that do not go together are refused before anything is written")
  func mismatch() throws {
    try place.refuse(
      "convert", "--decoder", Fixtures.path("arpg-tiny/model.safetensors"), "--tokenizer",
      Fixtures.path("vq-tiny/model.safetensors"), "--heads", "2", "--grid", "4", "-o", "model", saying: "64", "128")
    try place.refuse(
      "convert", "--decoder", Fixtures.path("arpg-tiny/model.safetensors"), "-o", "model", saying: "heads")
  }

  @Test("Codes that are none of the tokenizer's, or do not fill a grid, are refused")
  func codes() throws {
    try NPYFile(shape: [1, 256], values: Array(repeating: 5000, count: 256)).write(to: place.path("high.npy"))
    try NPYFile(shape: [1, 7], values: Array(repeating: 1, count: 7)).write(to: place.path("seven.npy"))
    try Data("not numpy".utf8).write(to: place.folder.appendingPathComponent("text.npy"))
    try place.refuse("decode", "high.npy", "-o", "out.png", saying: "high.npy", "5000", "4095")
    try place.refuse("decode", "seven.npy", "-o", "out.png", saying: "7")
    try place.refuse("decode", "text.npy", "-o", "out.png", saying: "text.npy")
  }

  @Test("A model folder whose description is broken is refused")
  func descriptions() throws {
    let descriptions = [
      "", "{", "[]", "{}", #"{"format": 99, "name": "x", "image_size": 128}"#,
      #"{"format": 1, "name": "x", "image_size": -5}"#,
      #"{"format": 1, "name": "x", "image_size": 128, "decoder": {"file": "../../secret", "dim": 4}}"#,
    ]
    let folder = place.folder.appendingPathComponent("model")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for text in descriptions {
      try Data(text.utf8).write(to: folder.appendingPathComponent("model.json"))
      try place.refuse("sample", "--model", "model", saying: "model")
      try place.refuse("info", "model", saying: "model")
    }
  }

  @Test("No adapter's shorthand may hide an option of the program, and the program's options are known")
  func shorthands() throws {
    struct Hiding: ControlAdapter, ControlPreprocessor, FittedAdapter {
      let descriptor = AdapterDescriptor(
        name: "hiding", summary: "", input: .text, inputSummary: "", shorthand: "seed")
      func preprocess(_ input: AdapterInput, options: OptionValues, in context: PreprocessingContext)
        -> [PreparedControl]
      { [] }
      func fit(to model: AdapterModel) -> any FittedAdapter { self }
      func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
        throw DecoderError.noText
      }
    }
    var registry = AdapterRegistry()
    try registry.register(Hiding())
    let error = #expect(throws: RegistryError.self) { try registry.checkShorthands() }
    #expect(error?.description.contains("--seed would hide an option") == true)

    let help = try place.run("--experimental-dump-help").json()
    let root = try #require(help["command"] as? [String: Any])
    let commands = try #require(root["subcommands"] as? [[String: Any]])
    var names: Set<String> = []
    for command in commands where ["control", "sample", "edit", "grid"].contains(command["commandName"] as? String) {
      for argument in command["arguments"] as? [[String: Any]] ?? [] {
        for name in argument["names"] as? [[String: Any]] ?? [] where name["kind"] as? String == "long" {
          names.insert(try #require(name["name"] as? String))
        }
      }
    }
    #expect(names == AdapterRegistry.optionsOfCommands)
  }
}
