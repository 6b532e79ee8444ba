import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("arpg grid")
struct GridTests {
  private let place: Workplace
  private let sketch = Workplace.example("mug.png")

  init() throws { place = try Workplace() }

  @Test("Each image is that of arpg control with the same settings, at its place under the headings")
  func images() throws {
    let run = try place.run(
      "grid", "--edges", sketch, "--class", "mug", "--steps", "3", "--seed", "4", "--x", "guidance=1,6", "--y",
      "canny.strength=0.2, 1")
    #expect(run.lines == ["grid.png"])
    var images: [Image] = []
    for strength in ["0.2", "1"] {
      for guidance in ["1", "6"] {
        try place.run(
          "control", "--edges", "\(sketch),strength=\(strength)", "--class", "mug", "--steps", "3", "--seed", "4",
          "--guidance", guidance, "-o", "one.png")
        images.append(try place.image("one.png"))
      }
    }
    #expect(Set(images.map(\.pixels)).count == 4)
    let table = ContactSheet().table(
      of: images, columns: ["guidance 1", "guidance 6"], rows: ["canny.strength 0.2", "canny.strength 1"])
    #expect(try place.image("grid.png") == table)
    let text = try place.run("info", "grid.png").output
    for word in ["\"canny.strength\"", "\"seed\" : 4", "\"setting\" : \"guidance\"", "mug.png"] {
      #expect(text.contains(word))
    }
    try place.run(
      "control", "--edges", sketch, "--class", "mug", "--like", "grid.png", "--guidance", "6", "-o", "b.png")
    #expect(try place.image("b.png") == images[3])
  }

  @Test("Options of an adapter, windows, seeds and schedules are axes; one axis is enough")
  func axes() throws {
    func cells(_ arguments: String...) throws -> [[String: Any]] {
      let run = try ARPGProcess(
        ["grid", "--edges", sketch, "--steps", "2", "-o", "g.png", "--json"] + arguments, in: place.folder)
      #expect(run.status == 0, "\(run.errors)")
      return try #require(try run.json()["cells"] as? [[String: Any]])
    }
    func controls(_ cell: [String: Any]) throws -> [String: Any] {
      try #require((cell["controls"] as? [[String: Any]])?.first)
    }
    let low = try cells("--x", "canny.low=20,90")
    #expect(try low.map { try controls($0)["options"] as? [String: String] } == [["low": "20"], ["low": "90"]])
    #expect(try place.image("g.png").height < 300)
    let window = try cells("--y", "to=0.1,1", "--x", "seed=3,random,3")
    #expect(try window.map { try controls($0)["to"] as? Double } == [0.1, 0.1, 0.1, 1, 1, 1])
    #expect(window.map { $0["row"] as? Int } == [0, 0, 0, 1, 1, 1])
    #expect(window.map { $0["column"] as? Int } == [0, 1, 2, 0, 1, 2])
    let seeds = window.compactMap { $0["seed"] as? Int }
    #expect(seeds[0] == 3 && seeds[2] == 3 && seeds[1] != 3 && Array(seeds[3...]) == Array(seeds[..<3]))
    let schedules = try cells("--y", "guidance-schedule=constant,linear")
    #expect(
      schedules.map { ($0["settings"] as? [String: Any])?["guidance_schedule"] as? String } == ["constant", "linear"])
    #expect(try place.image("g.png").width > 300)
  }

  @Test("A scale of guidance of one control counts in a table as it does in control")
  func ownScale() throws {
    let rest = ["--edges", "\(sketch),guidance=3", "--seed", "2"]
    func run(_ arguments: [String]) throws -> ARPGProcess {
      let process = try ARPGProcess(arguments + rest, in: place.folder)
      #expect(process.status == 0, "\(process.errors)")
      return process
    }
    let table = try run(["grid", "--x", "steps=3", "-o", "table.png", "--json"]).json()
    let cell = try #require((table["cells"] as? [[String: Any]])?.first)
    #expect((cell["controls"] as? [[String: Any]])?.first?["guidance"] as? Double == 3)
    _ = try run(["control", "--steps", "3", "-o", "alone.png"])
    let alone = try place.image("alone.png"), sheet = try place.image("table.png")
    let isInside = (0...sheet.width - 256).contains { x in
      (0...sheet.height - 256).contains { y in
        sheet.cropped(columns: x..<x + 256, rows: y..<y + 1) == alone.cropped(columns: 0..<256, rows: 0..<1)
          && sheet.cropped(columns: x..<x + 256, rows: y..<y + 256) == alone
      }
    }
    #expect(isInside)
  }

  @Test("Without a control, to standard output, and as help shows")
  func forms() throws {
    let piped = try ARPGProcess(
      ["grid", "--x", "steps=1,2", "-o", "-", "--quiet"], in: place.folder)
    #expect(try ImageFile.read([UInt8](piped.bytes)).width > 2 * 256)
    #expect(try place.files().isEmpty)
    let help = try place.run("help", "grid").output
    for (name, file) in [("sketch.jpg", "mug.png"), ("photo.jpg", "house.png")] {
      try FileManager.default.copyItem(atPath: Workplace.example(file), toPath: place.path(name))
    }
    let examples = help.split(separator: "\n").filter { $0.hasPrefix("  arpg grid ") }
    #expect(examples.count == 3)
    for example in examples {
      let arguments = example.split(separator: " ").dropFirst().map(String.init)
      let run = try ARPGProcess(arguments + ["--threads", "2"], in: place.folder)
      #expect(run.status == 0 && run.lines.count == 1, "\(example): \(run.errors)")
      #expect(try place.files().contains(run.lines[0]))
    }
  }

  @Test("What cannot be made is told in a line, and nothing is written")
  func refusals() throws {
    func refuse(_ arguments: String..., saying words: String...) throws {
      let before = try place.files()
      let run = try ARPGProcess(["grid", "--edges", sketch] + arguments, in: place.folder, seconds: 20)
      #expect((1...64).contains(run.status) && run.output.isEmpty, "\(arguments)")
      let message = run.errors.split(separator: "\n").first { $0.hasPrefix("Error: ") } ?? ""
      for word in words { #expect(message.contains(word), "'\(run.errors)' does not say '\(word)'") }
      #expect(try place.files() == before)
    }
    try refuse(saying: "--x NAME=VALUE")
    try refuse("--x", "guidance", saying: "NAME=VALUE")
    try refuse("--x", "guidance=", saying: "NAME=VALUE")
    try refuse("--x", "=1", saying: "NAME=VALUE")
    try refuse("--x", "guidance=1,,2", saying: "NAME=VALUE")
    try refuse("--x", "guidence=1", saying: "guidence", "did you mean 'guidance'?")
    try refuse("--x", "count=1", saying: "there is no such setting", "ADAPTER.KEY")
    try refuse("--x", "help=1", saying: "there is no such setting")
    try refuse("--x", "guidance=x", saying: "guidance=x", "invalid")
    try refuse("--x", "top-p=0.5,2", saying: "top-p=2", "0 to 1")
    try refuse("--x", "seed=-7", saying: "-7", "whole number")
    try refuse("--x", "strength=1000", saying: "strength=1000", "-100")
    try refuse("--x", "from=0.5", "--y", "to=0.4,1", saying: "from (0.5)", "to (0.4)")
    try refuse("--x", "depth.near=white", saying: "no control 'depth'", "canny")
    try refuse("--x", "canny.middle=3", saying: "middle", "low")
    try refuse("--x", "canny.low=-3", saying: "low", "0 to 2040")
    try refuse("--x", "canny.region=a.png", saying: "region")
    try refuse("--x", "steps=1,2", "--y", "steps=3", saying: "both steps")
    try refuse("--x", "seed=\((1...257).map(String.init).joined(separator: ","))", saying: "257", "256")
    try refuse("--x", "schedule=arccos,single", saying: "schedule is single", "cosine")
    try refuse("--class", "mug,house", "--x", "guidance=1", saying: "2 images")
    try refuse("--x", "steps=1", "-o", "g.gif", saying: ".gif")
    try refuse("--x", "steps=1", "-o", "nowhere/g.png", saying: "nowhere")
    try refuse("--x", "steps=1", "-o", "-", "--json", saying: "--json")
    try FileManager.default.copyItem(atPath: sketch, toPath: place.path("there.png"))
    try refuse("--x", "steps=1", "-o", "there.png", "--no-clobber", saying: "--no-clobber")
    try place.refuse(
      "grid", "--edges", "there.png", "--x", "steps=1", "-o", "there.png", saying: "there.png", "inputs")
    try place.refuse("grid", "--x", "strength=1", saying: "no control is given")
    try place.refuse("grid", "--edges", "-", "--depth", "-", "--x", "steps=1", saying: "standard input is one")
  }

  @Test("Ctrl-C ends the work with code 130 and leaves no file")
  func interruption() throws {
    let seeds = (1...200).map(String.init).joined(separator: ",")
    try place.interrupt("grid", "--class", "mug", "--x", "seed=\(seeds)", "-o", "many.png") { $0.contains("mug") }
    #expect(try place.files().isEmpty)
  }
}
