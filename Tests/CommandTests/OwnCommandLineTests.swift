import ARPG
import ARPGImageFiles
import Foundation
import Testing

@Suite("A command line of one's own")
struct OwnCommandLineTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try Data([1, 2]).write(to: place.folder.appendingPathComponent("points.bin"))
  }

  private func run(_ arguments: String..., environment: [String: String] = [:]) throws -> ARPGProcess {
    try ARPGProcess(program: "arpg-own", arguments, in: place.folder, environment: environment)
  }

  @Test("Help, version and errors have the program's own name, and its commands stand beside the package's")
  func name() throws {
    let help = try run("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("OVERVIEW: Stamps."))
    #expect(help.output.contains("USAGE: arpg-own <subcommand>"))
    #expect(help.output.contains("arpg-own control --edges sketch.jpg"))
    #expect(help.output.contains("own-list"))
    #expect(!help.output.contains(" arpg "))
    #expect(try run("help", "control").output.contains("see `arpg-own adapters NAME`"))
    #expect(try run("--version").output == "7.1\n")
    #expect(try run("control").errors.contains("`arpg-own sample` for images without one"))
  }

  @Test("It returns to its main, with the exit code")
  func returns() throws {
    let good = try run("own-list")
    #expect(good.status == 0 && good.errors.contains("ended with 0"))
    let bad = try run("sample", "--steps", "0")
    #expect(bad.status == 64 && bad.errors.contains("ended with 64"))
    let missing = try run("info", "none")
    #expect(missing.status == 1 && missing.errors.contains("ended with 1"))
  }

  @Test("Its commands find adapters and model, which may be its own")
  func context() throws {
    #expect(try run("own-list", environment: ["OWN_MODEL": "elsewhere"]).lines == ["class,stamp", "elsewhere"])
    #expect(try run("info", environment: ["OWN_MODEL": "elsewhere"]).errors.contains("elsewhere"))
    #expect(try run("info").status == 0)
  }

  @Test("Help and JSON tell every kind of option")
  func description() throws {
    let text = try run("adapters", "stamp").output
    for words in [
      "use     --control stamp=TEXT  or  --stamp TEXT", "example --control stamp=hello",
      "(0 to 1 in steps of 0.25; default 0.5)", "(1 to 9 cells in steps of 2; default 3)",
      "(square or round; default square)", "(on or off; default off)",
      "(a text of at most 1000 characters; for example a, b)", "(a colour, such as #ff8800 or red; default #ff0000)",
      "(a file; must be given)", "(an image)",
    ] { #expect(text.contains(words), "\(words) in \(text)") }
    let json = try JSONDecoder().decode(
      [AdapterDescriptor].self, from: Data(try run("adapters", "stamp", "--json").output.utf8))
    #expect(
      json[0].options.map(\.kind.type) == ["number", "whole", "choice", "toggle", "text", "colour", "file", "image"])
  }

  @Test("A text has a preview, with options of every kind and further inputs")
  func preview() throws {
    try ImageFile.write(
      Image(width: 2, height: 2, pixels: Array(repeating: [0, 0, 255], count: 4).flatMap { $0 }),
      to: place.path("blue.png"))
    let process = try run(
      "preprocess", "stamp", "hello", "--size", "16", "-o", "stamp.png", "--option", "side=5", "--option", "tint=lime",
      "--option", "points=points.bin", "--option", "ground=blue.png", "--option", "note=a, b")
    #expect(process.status == 0, "\(process.errors)")
    #expect(process.errors.contains("stamp: hello|a, b|square"))
    let image = try place.image("stamp.png")
    // Five cells for each byte of the file.
    #expect(Array(image.pixels[..<3]) == [0, 255, 0] && Array(image.pixels[(10 * 3)...].prefix(3)) == [0, 0, 255])
    #expect(try run("preprocess", "class", "3", "-o", "x.png").errors.contains("nothing of a text that can be shown"))
  }

  @Test("Images tell the options and the hashes of further inputs, and values with commas stand in quotes")
  func image() throws {
    let process = try run(
      "control", "--stamp", #"hello,points=points.bin,note="a, b",level=0.25"#, "--class", "mug", "--steps", "2", "-o",
      "out.png", "--json")
    #expect(process.status == 0, "\(process.errors)")
    let parameters = try #require(process.json()["parameters"] as? [String: Any])
    let controls = try #require(parameters["controls"] as? [[String: Any]])
    let stamp = try #require(controls.first { $0["adapter"] as? String == "stamp" })
    #expect(stamp["options"] as? [String: String] == ["points": "points.bin", "note": "a, b", "level": "0.25"])
    let hashes = try #require(stamp["input_fingerprints"] as? [String: String])
    #expect(hashes.keys.sorted() == ["points"] && hashes["points"]?.isEmpty == false)
  }

  @Test(
    "What further inputs cannot be is told in a line",
    arguments: [
      (["control", "--stamp", "a"], "stamp needs points"),
      (["control", "--stamp", "a,points=none.bin"], "none.bin"), (["control", "--stamp", "a,points=."], "."),
      (["control", "--stamp", "a,points=points.bin,side=2"], "1 to 9 cells in steps of 2"),
      (["control", "--stamp", "a,points=points.bin,ground=points.bin"], "points.bin"),
      (["grid", "--stamp", "a,points=points.bin", "--x", "stamp.points=a,b"], "is a file and the same for all images"),
      (["control", "--stamp", "a,points=points.bin", "-o", "points.bin"], "points.bin"),
    ])
  func refusals(arguments: [String], words: String) throws {
    let process = try ARPGProcess(program: "arpg-own", arguments, in: place.folder, seconds: 30)
    let error = process.errors.split(separator: "\n").first { $0.hasPrefix("Error: ") } ?? ""
    #expect(process.status != 0 && error.contains(words), "\(process.errors)")
    #expect(try place.files() == ["points.bin"])
  }
}
