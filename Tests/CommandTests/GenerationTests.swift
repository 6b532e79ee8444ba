import ARPG
import ARPGImageFiles
import CannyControl
import Foundation
import TestSupport
import Testing

@Suite("arpg sample and arpg control")
struct GenerationTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test("A sketch becomes an image of the model's size that tells what it was made with")
  func control() throws {
    let run = try place.run(
      "control", "--edges", Workplace.example("mug.png"), "--class", "mug", "-o", "out.png", "--seed", "5")
    #expect(run.lines == ["out.png"])
    let image = try place.image("out.png")
    #expect(image.width == 256 && image.height == 256 && !image.isGrey)
    let text = try #require(ImageFile.text(of: place.path("out.png")).first { $0.keyword == "arpg" }?.value)
    #expect(text.contains("\"seed\" : 5") && text.contains("canny"))
    #expect(try place.files() == ["out.png"])
  }

  @Test("The image follows the sketch: its edges lie near the drawn ones, far more than without control")
  func fidelity() throws {
    try place.run("control", "--edges", Workplace.example("mug.png"), "--class", "mug", "-o", "with.png", "--quiet")
    try place.run("sample", "--class", "mug", "-o", "without.png", "--quiet")
    try place.run("preprocess", "canny", Workplace.example("mug.png"), "-o", "drawn.png", "--size", "256", "--quiet")
    let drawn = try place.image("drawn.png").greyValues
    func share(_ name: String) throws -> Double {
      let edges = CannyEdgeDetector(low: 50, high: 100).edges(of: try place.image(name))
      var covered = 0, total = 0
      for y in 4..<252 {
        for x in 4..<252 where drawn[y * 256 + x] > 128 {
          total += 1
          let isNear = (-4...4).contains { dy in (-4...4).contains { dx in edges[(y + dy) * 256 + x + dx] > 0 } }
          if isNear { covered += 1 }
        }
      }
      return Double(covered) / Double(max(1, total))
    }
    #expect(try share("with.png") > 0.6)
    #expect(try share("with.png") > share("without.png") + 0.2)
  }

  @Test("The same seed gives the same image, another seed another")
  func seeds() throws {
    for (name, seed) in [("a.png", "1"), ("b.png", "1"), ("c.png", "2")] {
      try place.run("sample", "--class", "ball", "--seed", seed, "-o", name)
    }
    #expect(try place.image("a.png") == place.image("b.png"))
    #expect(try place.image("a.png") != place.image("c.png"))
  }

  @Test("A list of classes is a batch: the same images as one by one, and a contact sheet")
  func batch() throws {
    let run = try place.run("sample", "--class", "mug, 7", "--count", "2", "-o", "sheet.png", "--threads", "1")
    #expect(run.lines == ["sheet.png", "sheet-1.png", "sheet-2.png", "sheet-3.png", "sheet-4.png"])
    try place.run("sample", "--class", "house", "-o", "house.png", "--threads", "2")
    #expect(try place.image("house.png") == place.image("sheet-3.png"))
    #expect(try place.image("sheet.png").width > 2 * 256)
  }

  @Test("A trace holds order, step sizes, codes and logits; greedy codes are the largest logits")
  func trace() throws {
    try place.run(
      "sample", "--class", "tree", "--top-k", "1", "--steps", "12", "--count", "2", "-o", "t.png", "--trace",
      "t.safetensors", "--trace-logits")
    let trace = try place.trace("t.safetensors")
    let order = try trace.integers(named: "order"), sizes = try trace.integers(named: "step_sizes")
    let codes = try trace.integers(named: "codes")
    #expect(order.sorted() == Array(0..<256) && sizes.count == 12 && sizes.reduce(0, +) == 256)
    #expect(trace.shape(of: "codes") == [2, 256])
    var done = 0
    for (step, size) in sizes.enumerated() where size > 0 {
      let logits = try trace.tensor(named: "logits.\(step < 10 ? "0" : "")\(step)")
      #expect(logits.shape == [2, size, 4096])
      let values = logits.values
      for image in 0..<2 {
        for slot in 0..<size {
          let row = values[((image * size + slot) * 4096)...].prefix(4096)
          let best = row.indices.max { row[$0] < row[$1] }.map { $0 - row.startIndex }
          #expect(best == codes[image * 256 + order[done + slot]])
        }
      }
      done += size
    }
    #expect(trace.metadata["arpg"]?.contains("\"steps\" : 12") == true)
  }

  @Test("No strength, an empty window and a black region are exactly no control")
  func switchedOff() throws {
    let sketch = Workplace.example("house.png")
    try ImageFile.write(
      Image(width: 8, height: 8, grey: Array(repeating: 0, count: 64)), to: place.path("black.png"))
    try place.run("sample", "--class", "house", "-o", "plain.png", "--trace", "plain.safetensors")
    let plain = try place.trace("plain.safetensors").integers(named: "codes")
    for (index, suffix) in ["strength=0", "from=0.5,to=0.5", "region=black.png"].enumerated() {
      try place.run(
        "control", "--edges", "\(sketch),\(suffix)", "--class", "house", "-o", "\(index).png", "--trace", "\(index).st")
      #expect(try place.trace("\(index).st").integers(named: "codes") == plain, "\(suffix)")
    }
    try place.run("control", "--edges", sketch, "--class", "house", "-o", "on.png", "--trace", "on.st")
    #expect(try place.trace("on.st").integers(named: "codes") != plain)
  }

  @Test("A class alone has settings of its own, which options override; a control that is off leaves them as they are")
  func settingsWithoutControls() throws {
    func settings(_ arguments: String...) throws -> [String: Any] {
      let run = try ARPGProcess(arguments + ["-o", "s.png", "--json", "--quiet"], in: place.folder)
      return try #require((run.json()["parameters"] as? [String: Any])?["settings"] as? [String: Any])
    }
    let sketch = Workplace.example("house.png")
    let alone = try settings("sample", "--class", "house"), given = try settings("control", "--edges", sketch)
    #expect(alone["guidance"] as? Double == 4 && alone["top_p"] as? Double ?? 0 > given["top_p"] as? Double ?? 1)
    #expect(given["guidance"] as? Double == 1.75)
    #expect(try settings("sample", "--class", "house", "--guidance", "3")["guidance"] as? Double == 3)
    #expect(try settings("control", "--edges", sketch + ",strength=0")["guidance"] as? Double == 4)
  }

  @Test("Shorthands and the general form mean the same; edges and depth go together")
  func forms() throws {
    let edges = Workplace.example("car.png"), depth = Workplace.example("depth/car.png")
    try place.run("control", "--edges=\(edges)", "--depth", depth, "--class", "car", "-o", "a.png")
    try place.run(
      "control", "--control", "depth=\(depth)", "--control", "class=4", "--control", "canny=\(edges)", "-o", "b.png")
    #expect(try place.image("a.png") == place.image("b.png"))
  }

  @Test("Previews show undecided cells")
  func previews() throws {
    try place.run("sample", "--class", "mug", "--steps", "8", "--preview-every", "4", "-o", "p.png")
    #expect(try place.files() == ["p.png", "p-step-4.png", "p-step-8.png"])
    #expect(try place.image("p-step-8.png") == place.image("p.png"))
    let grey = try place.image("p-step-4.png").pixels.filter { $0 == 208 || $0 == 176 }.count
    #expect(grey > 256 * 256 / 2)
  }

  @Test("JSON tells paths and settings")
  func json() throws {
    let result = try place.run("sample", "--class", "mug", "-o", "j.jpg", "--json", "--quiet").json()
    let images = try #require(result["images"] as? [[String: Any]])
    #expect(images.count == 1 && images[0]["path"] as? String == "j.jpg")
    #expect(try ImageFile.info(of: place.path("j.jpg")).format == .jpeg)
  }

  @Test("Ctrl-C ends the work with code 130 and leaves no file")
  func interruption() throws {
    // The class is told before the first step.
    try place.interrupt("sample", "--class", "mug", "--count", "5000", "-o", "many.png") { $0.contains("mug") }
    #expect(try place.files().isEmpty)
  }
}
