import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("Orders on the command line")
struct OrderOptionTests {
  private let place: Workplace
  private let sketch = Workplace.example("mug.png")

  init() throws { place = try Workplace() }

  private func trace(_ arguments: [String]) throws -> Checkpoint {
    let process = try ARPGProcess(
      ["control", "--edges", sketch, "--class", "mug", "--steps", "5", "-o", "o.png", "--trace", "t"] + arguments,
      in: place.folder)
    #expect(process.status == 0, "\(arguments): \(process.errors)")
    return try place.trace("t")
  }

  @Test("Every order decodes every position once; random is the default")
  func orders() throws {
    let plain = try trace([])
    let random = try trace(["--order", "random"])
    #expect(try random.integers(named: "codes") == plain.integers(named: "codes"))
    var seen = [try plain.integers(named: "order")]
    #expect(try random.integers(named: "order") == seen[0])
    for order in ["raster", "spiral", "center", "edges", "confidence"] {
      let found = try trace(["--order", order]).integers(named: "order")
      #expect(found.sorted() == Array(0..<256) && !seen.contains(found), "\(order)")
      seen.append(found)
    }
    #expect(seen[1] == Array(0..<256) && seen[2].prefix(5) == [119, 120, 136, 135, 134])
  }

  @Test("The order by edges begins where the lines are, whatever the adapter")
  func edges() throws {
    let half = Image(
      width: 64, height: 64, grey: (0..<64 * 64).map { $0 % 64 < 32 && ($0 % 64) % 8 == 0 ? 0 : 255 })
    try ImageFile.write(half, to: place.path("left.png"))
    for adapter in ["canny", "depth"] {
      try place.run(
        "control", "--control", "\(adapter)=left.png", "--order", "edges", "--steps", "3", "-o", "o.png", "--trace", "t"
      )
      let first = try place.trace("t").integers(named: "order").prefix(96)
      #expect(first.allSatisfy { $0 % 16 <= 8 }, "\(adapter): \(first)")
    }
    try FileManager.default.copyItem(atPath: sketch, toPath: place.path("sketch.jpg"))
    try place.run("control", "--edges", "sketch.jpg,guidance=2", "--order", "edges", "-o", "out.png")
    try place.refuse("sample", "--class", "mug", "--order", "edges", "-o", "p.png", saying: "order by edges", "sketch")
  }

  @Test("By confidence a batch is its images, each with an order of its own, whatever the threads; previews show them")
  func confidence() throws {
    try place.run(
      "sample", "--class", "mug,house", "--order", "confidence", "--steps", "4", "-o", "b.png", "--trace", "b",
      "--threads", "2", "--preview-every", "2")
    #expect(try place.trace("b").shape(of: "order") == [2, 256])
    try place.run(
      "sample", "--class", "house", "--order", "confidence", "--steps", "4", "-o", "h.png", "--threads", "1", "--trace",
      "h")
    #expect(try place.image("h.png") == place.image("b-2.png"))
    #expect(try place.files().contains("b-step-2.png") && place.trace("h").shape(of: "order") == [256])
    try place.run("sample", "--class", "house", "--like", "h.png", "-o", "again.png")
    #expect(try place.image("again.png") == place.image("h.png"))
    try place.run(
      "sample", "--class", "house", "--order", "confidence", "--confidence-noise", "0", "--steps", "4", "-o", "n.png")
    #expect(try place.image("n.png") != place.image("h.png"))
  }

  @Test("Positions of a file are decoded in their order, and stand in the image that tells how it was made")
  func file() throws {
    let positions = (0..<256).map { $0 * 7 % 256 }
    try NPYFile(shape: [16, 16], values: positions).write(to: place.path("order.npy"))
    #expect(try trace(["--order", "order.npy"]).integers(named: "order") == positions)
    try FileManager.default.removeItem(atPath: place.path("order.npy"))
    try place.run("control", "--edges", sketch, "--class", "mug", "--like", "o.png", "-o", "again.png")
    #expect(try place.image("again.png") == place.image("o.png"))
  }

  @Test("What is no order, or no order of the model, is refused")
  func refusals() throws {
    try place.refuse("sample", "--order", "zigzag", saying: "zigzag", "spiral", ".npy")
    try place.refuse("sample", "--confidence-noise", "-1", saying: "confidence-noise", "0 to 1000")
    try place.refuse("sample", "--order", "missing.npy", saying: "missing.npy")
    try Data("not numpy".utf8).write(to: place.folder.appendingPathComponent("text.npy"))
    try place.refuse("sample", "--order", "text.npy", saying: "text.npy")
    try Data(count: 1 << 22).write(to: place.folder.appendingPathComponent("large.npy"))
    try place.refuse("sample", "--order", "large.npy", saying: "large.npy")
    let wrong: [(String, [Int], [Int], String)] = [
      ("short.npy", [255], Array(0..<255), "[256]"), ("twice.npy", [256], [1] + Array(1..<256), "1 twice"),
      ("far.npy", [256], Array(1...256), "256"), ("low.npy", [16, 16], [-1] + Array(1..<256), "-1"),
      ("turned.npy", [8, 32], Array(0..<256), "[16, 16]"),
    ]
    for (name, shape, values, words) in wrong {
      try NPYFile(shape: shape, values: values).write(to: place.path(name))
      try place.refuse("sample", "--order", name, "-o", "out.png", saying: name, words)
    }
  }
}
