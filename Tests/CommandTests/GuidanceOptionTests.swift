import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("Guidance on the command line")
struct GuidanceOptionTests {
  private let place: Workplace
  private let sketch = Workplace.example("mug.png")

  init() throws { place = try Workplace() }

  private func codes(_ arguments: String...) throws -> [Int] {
    let process = try ARPGProcess(
      ["control", "--class", "mug", "--steps", "6", "-o", "o.png", "--trace", "t"] + arguments, in: place.folder)
    #expect(process.status == 0, "\(arguments): \(process.errors)")
    return try place.trace("t").integers(named: "codes")
  }

  @Test("A control's own scale is the setting where there is one control, and one of two is guided apart")
  func ownScale() throws {
    let joint = try codes("--edges", sketch)
    let setting = try codes("--edges", sketch, "--control-guidance", "3")
    #expect(try codes("--edges", "\(sketch),guidance=3") == setting && setting != joint)
    let depth = Workplace.example("depth/car.png")
    let apart = try codes("--edges", "\(sketch),guidance=3", "--depth", depth)
    #expect(try codes("--edges", sketch, "--depth", depth) != apart)
    #expect(try codes("--edges", "\(sketch),guidance=3,strength=0") == codes("--edges", "\(sketch),strength=0"))
    let note = try place.run("sample", "--control", "class=mug,guidance=2", "--steps", "2", "-o", "n.png").errors
    #expect(note.contains("guidance change nothing"))
  }

  @Test("Schedules and an interval change the image; the whole interval does not")
  func settings() throws {
    let constant = try codes("--edges", sketch, "--guidance", "6")
    #expect(try codes("--edges", sketch, "--guidance", "6", "--guidance-interval", "0,1") == constant)
    let off = try codes("--edges", sketch, "--guidance", "1")
    #expect(try codes("--edges", sketch, "--guidance", "6", "--guidance-interval", "0.3,0.3") == off)
    var seen = [constant]
    for options in [
      ["linear"], ["cosine"], ["power-cosine"], ["power-cosine", "--guidance-power", "0.5"],
      ["constant", "--guidance-interval", "0.1,0.9"],
    ] {
      let process = try ARPGProcess(
        ["control", "--class", "mug", "--steps", "6", "-o", "o.png", "--trace", "t", "--edges", sketch, "--guidance"]
          + ["6", "--guidance-schedule"] + options, in: place.folder)
      #expect(process.status == 0, "\(options): \(process.errors)")
      let codes = try place.trace("t").integers(named: "codes")
      #expect(!seen.contains(codes), "\(options)")
      seen.append(codes)
    }
  }

  @Test("An image tells all of it, and is made again from what it tells")
  func again() throws {
    try place.run(
      "control", "--edges", "\(sketch),guidance=3", "--steps", "4", "--guidance", "4", "--guidance-schedule",
      "power-cosine", "--guidance-power", "1.5", "--guidance-interval", "0.1,0.9", "-o", "a.png")
    let text = try #require(ImageFile.text(of: place.path("a.png")).first { $0.keyword == "arpg" }?.value)
    let value = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let settings = try #require(value["settings"] as? [String: Any])
    #expect(settings["guidance_interval"] as? [Double] == [0.1, 0.9] && settings["guidance_power"] as? Double == 1.5)
    #expect((value["controls"] as? [[String: Any]])?[0]["guidance"] as? Double == 3)
    try place.run("control", "--edges", sketch, "--like", "a.png", "-o", "b.png")
    #expect(try place.image("b.png") == place.image("a.png"))
    try place.run("control", "--edges", "\(sketch),guidance=1", "--like", "a.png", "-o", "c.png")
    #expect(try place.image("c.png") != place.image("a.png"))
  }

  @Test("What is no scale, interval or power is refused")
  func refusals() throws {
    for value in ["x", "2000", "nan", "inf", ""] {
      try place.refuse("control", "--edges", "\(sketch),guidance=\(value)", saying: "guidance", "-1000.0 to 1000.0")
    }
    for value in ["0.5", "0.9,0.1", "0,2", "a,b", "nan,1", "-1,1", "0,0.5,1", ","] {
      try place.refuse("sample", "--guidance-interval=\(value)", saying: "guidance-interval", "0.1,0.9")
    }
    try place.refuse("sample", "--guidance-power", "-1", saying: "guidance-power", "0 to 100")
    try place.refuse("sample", "--guidance-schedule", "sine", saying: "power-cosine")
    let many = (0..<17).flatMap { _ in ["--edges", "\(sketch),guidance=2"] }
    let process = try ARPGProcess(["control", "-o", "o.png"] + many, in: place.folder)
    #expect(process.status == 1 && process.errors.contains("16 at most"))
  }
}
