import ARPG
import TestSupport
import Testing

@Suite("--labels")
struct LabelTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test("A sheet tells under each image its element, number and seed; images and other sheets stay as they are")
  func labels() throws {
    let arguments = ["sample", "--class", "mug,7", "--count", "2", "--steps", "2", "--seed", "5", "--animate"]
    let plain = try ARPGProcess(arguments + ["a/", "-o", "plain.png"], in: place.folder)
    let labelled = try ARPGProcess(arguments + ["b/", "-o", "labelled.png", "--labels"], in: place.folder)
    #expect(plain.status == 0 && labelled.status == 0, "\(labelled.errors)")
    let images = try (1...4).map { try place.image("labelled-\($0).png") }
    #expect(try images == (1...4).map { try place.image("plain-\($0).png") })
    #expect(try place.image("plain.png") == ContactSheet(columns: 2).image(of: images))
    let texts = ["class 9, mug", "class 7, house"].flatMap { name in
      (1...2).map { "\(name)\nnumber \($0), seed 5" }
    }
    let names = try place.run("info", "--classes").lines
    #expect(names.contains("9 mug"))
    let sheet = ContactSheet(columns: 2).image(of: images, labels: texts)
    #expect(try place.image("labelled.png") == sheet)
    #expect(try place.image("b/frame-2.png") == sheet)
    #expect(try place.image("a/frame-2.png") == place.image("plain.png"))
  }

  @Test("Where one image is made again, its number is told; a single image has no label")
  func number() throws {
    try place.run(
      "sample", "--class", "mug,mug", "--number", "3", "--steps", "1", "-o", "a.png", "--labels")
    let images = try (1...2).map { try place.image("a-\($0).png") }
    #expect(
      try place.image("a.png")
        == ContactSheet().image(of: images, labels: Array(repeating: "class 9, mug\nnumber 3, seed 0", count: 2)))
    try place.run("sample", "--class", "mug", "--steps", "1", "-o", "b.png", "--labels")
    #expect(try place.image("b.png").height == 256)
  }
}
