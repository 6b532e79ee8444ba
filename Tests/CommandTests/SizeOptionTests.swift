import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("Images of another size, and what they would take")
struct SizeOptionTests {
  private let place: Workplace
  private let sketch = Workplace.example("mug.png")

  init() throws { place = try Workplace() }

  @Test("A sketch becomes an image of twice the side that follows it, and is made again from what it tells")
  func sketches() throws {
    try place.run("control", "--edges", sketch, "--size", "512", "-o", "large.png", "--preview-every", "40")
    let large = try place.image("large.png"), preview = try place.image("large-step-40.png")
    #expect(large.width == 512 && large.height == 512 && preview.width == 512 && !large.isGrey)
    let text = try #require(ImageFile.text(of: place.path("large.png")).first { $0.keyword == "arpg" }?.value)
    #expect(text.contains("\"size\" : \"512x512\""))
    try place.run("control", "--edges", sketch, "--like", "large.png", "-o", "again.png")
    #expect(try place.image("again.png") == large)
    try place.run("control", "--edges", sketch, "--like", "large.png", "--size", "256", "-o", "small.png")
    #expect(try place.image("small.png").width == 256)
    // What is drawn dark in the middle of the sketch is an object before a plain room.
    try place.run("preprocess", "canny", sketch, "-o", "drawn.png", "--size", "512", "--quiet")
    try place.run("preprocess", "canny", "large.png", "-o", "found.png", "--option", "input=photo", "--quiet")
    let drawn = try place.image("drawn.png").greyValues, found = try place.image("found.png").greyValues
    var near = 0, total = 0
    for y in 8..<504 {
      for x in 8..<504 where drawn[y * 512 + x] > 128 {
        total += 1
        if (-6...6).contains(where: { dy in (-6...6).contains { found[(y + dy) * 512 + x + $0] > 0 } }) { near += 1 }
      }
    }
    #expect(Double(near) > 0.5 * Double(max(1, total)))
  }

  @Test("A class, a region and a batch, in a wide image; the batch is its images one by one")
  func wide() throws {
    let run = try place.run(
      "sample", "--class", "mug,house", "--size", "384x256", "--steps", "6", "-o", "w.png", "--trace", "w.st")
    #expect(run.lines.count == 3)
    let first = try place.image("w-2.png")
    #expect(first.width == 384 && first.height == 256)
    try place.run("sample", "--class", "house", "--size", "384x256", "--steps", "6", "-o", "h.png")
    #expect(try place.image("h.png") == first)
    let order = try place.trace("w.st").integers(named: "order"),
      sizes = try place.trace("w.st").integers(named: "step_sizes")
    #expect(order.sorted() == Array(0..<384) && sizes.reduce(0, +) == 384 && sizes.count == 12)
    // A region of the right half leaves the first step's left half as it is without control.
    let half = (0..<384 * 256).map { UInt8($0 % 384 < 192 ? 0 : 255) }
    try ImageFile.write(Image(width: 384, height: 256, grey: half), to: place.path("half.png"))
    try place.run(
      "control", "--edges", "\(sketch),region=half.png", "--size", "384x256", "--steps", "6", "-o", "r.png")
    try ImageFile.write(Image(width: 8, height: 8, grey: Array(repeating: 0, count: 64)), to: place.path("none.png"))
    try place.run(
      "control", "--edges", "\(sketch),region=none.png", "--size", "384x256", "--steps", "6", "-o", "n.png")
    try place.run("sample", "--size", "384x256", "--steps", "6", "-o", "p.png")
    #expect(try place.image("r.png") != place.image("n.png") && place.image("n.png") == place.image("p.png"))
  }

  @Test("The model's own size is the same file as without, bit for bit")
  func ownSize() throws {
    try place.run("control", "--edges", sketch, "--steps", "6", "-o", "a.png")
    try place.run("control", "--edges", sketch, "--steps", "6", "--size", "256", "-o", "b.png")
    try place.run("control", "--edges", sketch, "--steps", "6", "--size", "256x256", "-o", "c.png")
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: place.folder.appendingPathComponent(name)) }
    #expect(try bytes("a.png") == bytes("b.png") && bytes("a.png") == bytes("c.png"))
  }

  @Test("A dry run tells size, steps, memory and time, and writes nothing")
  func dryRun() throws {
    let lines = try place.run("sample", "--class", "mug", "--size", "384x256", "--dry-run").lines
    #expect(lines.prefix(2) == ["1 image of 384x256 pixels", "384 tokens in 128 steps"] && lines.count == 4)
    let value = try place.run("control", "--edges", sketch, "--count", "3", "--dry-run", "--json").json()
    #expect(value["images"] as? Int == 3 && value["width"] as? Int == 256 && value["height"] as? Int == 256)
    #expect(value["tokens"] as? Int == 256 && value["steps"] as? Int == 64)
    let bytes = try #require(value["bytes"] as? Int), seconds = try #require(value["seconds"] as? Double)
    #expect((1 << 26)...(1 << 34) ~= bytes && seconds > 0)
    #expect(try place.files().isEmpty)
  }

  @Test("Sizes that are none, do not fit or are too large are refused in a line, and at once")
  func refusals() throws {
    for size in ["0", "-1", "512x", "x512", "1x2x3", "384 x 256", "", "many", "99999999999999999999", "1e3", "+512"] {
      try place.refuse("sample", "--size", size, "-o", "out.png", saying: "--size", "384x256")
    }
    try place.refuse("sample", "--size", "500x300", "-o", "out.png", saying: "500x300", "16x16", "496x288", "512x304")
    for size in ["1000000000", "16x1000000000", "528", "8x256", "9223372036854775807"] {
      try place.refuse("sample", "--size", size, "-o", "out.png", saying: "--size", "16x16 to 512x512")
      try place.refuse("control", "--edges", sketch, "--size", size, "--dry-run", saying: "--size", "16x16 to 512x512")
    }
    try place.refuse("edit", sketch, "--size", "512", saying: "--size")
  }
}
