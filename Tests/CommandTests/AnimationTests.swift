import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("--animate")
struct AnimationTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// How many frames an animated PNG says that it has, and how many it has.
  private func frames(_ name: String) throws -> (said: Int, found: Int) {
    let data = try Data(contentsOf: URL(fileURLWithPath: place.path(name)))
    let control = try #require(data.range(of: Data("acTL".utf8)))
    let said = data[control.upperBound..<control.upperBound + 4].reduce(0) { $0 << 8 | Int($1) }
    var found = 0, rest = data[...]
    while let next = rest.range(of: Data([0, 0, 0, 26]) + Data("fcTL".utf8)) {
      found += 1
      rest = rest[next.upperBound...]
    }
    return (said, found)
  }

  @Test("A frame for each step; others see the image itself, with all that it was made with")
  func png() throws {
    let run = try place.run(
      "control", "--edges", Workplace.example("mug.png"), "--steps", "6", "--seed", "9", "--number", "2", "-o",
      "image.png", "--animate", "steps.png")
    #expect(run.lines == ["image.png", "steps.png"])
    #expect(try frames("steps.png") == (6, 6))
    #expect(try place.image("steps.png") == place.image("image.png"))
    let info = try place.run("info", "steps.png").output
    for word in ["256 x 256", "\"seed\" : 9", "Steps: 6", "mug.png"] { #expect(info.contains(word)) }
    try place.run("control", "--edges", Workplace.example("mug.png"), "--like", "steps.png", "-o", "again.png")
    #expect(try place.image("again.png") == place.image("image.png"))
    try place.run("preprocess", "canny", "steps.png", "-o", "edges.png")
  }

  @Test("--animate-every takes fewer frames, the last among them; at most 64 unless it is given")
  func every() throws {
    try place.run("sample", "--steps", "7", "-o", "a.png", "--animate", "b.png", "--animate-every", "3")
    #expect(try frames("b.png") == (3, 3))
    try place.run("sample", "--steps", "100", "-o", "a.png", "--animate", "b.png")
    #expect(try frames("b.png") == (50, 50))
  }

  @Test("The contact sheet of a batch is animated, as numbered images or as a GIF")
  func batch() throws {
    let result = try place.run(
      "sample", "--class", "mug,house,car", "--count", "2", "--steps", "3", "-o", "sheet.png", "--animate", "frames/",
      "--json"
    ).json()
    #expect(result["animation"] as? String == "frames/")
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: place.path("frames"))).count == 3)
    #expect(try place.image("frames/frame-3.png") == place.image("sheet.png"))
    #expect(try place.image("frames/frame-1.png") != place.image("sheet.png"))
    try place.run("sample", "--steps", "3", "--count", "2", "-o", "-", "--animate", "a.gif")
    let gif = try Data(contentsOf: URL(fileURLWithPath: place.path("a.gif")))
    #expect(gif.starts(with: Data("GIF89a".utf8)) && gif.last == 0x3B)
  }

  @Test("Of several batches the first is animated, which is told")
  func severalBatches() throws {
    let run = try place.run(
      "sample", "--count", "17", "--steps", "2", "--top-k", "1", "-o", "a.png", "--animate", "b.png")
    #expect(run.errors.contains("the animation shows the first 16 of 17 images"))
    #expect(try frames("b.png").found == 2)
    #expect(try place.image("b.png").width == 4 * 260 + 4)
  }

  @Test("Undecided cells have the mean colour of the decided ones, in animations and previews")
  func mean() throws {
    try place.run(
      "sample", "--class", "mug", "--steps", "8", "-o", "a.png", "--animate", "frames/", "--undecided", "mean",
      "--preview-every", "2")
    let preview = try place.image("a-step-2.png"), whole = try place.image("a.png")
    #expect(try place.image("frames/frame-2.png") == preview)
    #expect(try place.image("frames/frame-8.png") == whole)
    // Most cells are undecided, all of one colour.
    var counts: [[UInt8]: Int] = [:]
    for start in stride(from: 0, to: preview.pixels.count, by: 3) {
      counts[Array(preview.pixels[start..<start + 3]), default: 0] += 1
    }
    let (colour, count) = try #require(counts.max { $0.value < $1.value })
    #expect(count > 256 * 256 / 2)
    for channel in 0..<3 {
      let decided = stride(from: 0, to: preview.pixels.count, by: 3).filter {
        Array(preview.pixels[$0..<$0 + 3]) != colour
      }
      let sum = decided.reduce(0.0) { $0 + Double(preview.pixels[$1 + channel]) }
      #expect(abs(sum / Double(decided.count) - Double(colour[channel])) < 2)
    }
  }

  @Test("What cannot be written is told before anything is computed")
  func refusals() throws {
    try Data("a file".utf8).write(to: place.folder.appendingPathComponent("file"))
    try Data("an image".utf8).write(to: place.folder.appendingPathComponent("there.png"))
    try place.run("sample", "--steps", "1", "-o", "a.png", "--animate", "old/")
    func refuse(_ animation: String, _ options: String..., saying words: String) throws {
      let run = try ARPGProcess(["sample", "--animate", animation] + options, in: place.folder, seconds: 20)
      #expect((1...64).contains(run.status) && run.output.isEmpty)
      #expect(run.errors.contains(words), "'\(run.errors)' does not say '\(words)'")
    }
    let before = try place.files()
    try refuse("a.mp4", saying: ".mp4, expected .png or .gif")
    try refuse("a", saying: "no extension")
    try refuse("file/", saying: "it is a file, a folder is needed")
    try refuse("file/a.gif", saying: "there is no folder")
    try refuse("nowhere/a.gif", saying: "there is no folder")
    try refuse("old", saying: "holds frames such as frame-1.png already")
    try refuse("there.png", "--no-clobber", saying: "--no-clobber")
    try refuse("b.png", "-o", "b.png", saying: "is another output")
    try refuse("./b-2.png", "-o", "b.png", "--count", "2", saying: "is another output")
    try refuse("b.png", "--animate-every", "0", saying: "1 or more")
    try refuse("b.png", "--undecided", "white", saying: "checker")
    try place.refuse("sample", "--animate-every", "2", saying: "--animate FILE")
    try place.refuse(
      "control", "--edges", "there.png", "--animate", "there.png", "-o", "o.png", saying: "there.png", "inputs")
    #expect(try place.files() == before)
  }

  @Test("Ctrl-C leaves no animation", arguments: ["a.png", "a.gif", "frames/"])
  func interruption(name: String) throws {
    try place.interrupt("sample", "--class", "mug", "--count", "5000", "-o", "many.png", "--animate", name) {
      $0.contains("mug")
    }
    #expect(try place.files().isEmpty)
  }
}
