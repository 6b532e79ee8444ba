import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("Lines, segments and palettes")
struct PluginTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test("Soft lines of a photograph, and those of a sketch")
  func lineart() throws {
    let photo = try place.run("preprocess", "lineart", Fixtures.path("images/cat.jpg"), "-o", "lines.png")
    #expect(photo.errors.contains("read as a photograph"))
    let lines = try place.image("lines.png")
    #expect(lines.width == 451 && lines.height == 300 && lines.isGrey)
    // Soft: neither all black nor all white.
    let grey = lines.greyValues.count { 16..<240 ~= $0 }
    #expect(grey > 1000 && lines.greyValues.contains { $0 >= 240 })
    #expect(lines.greyValues.count { $0 == 0 } > 451 * 300 / 2)
    let sketch = try place.run(
      "preprocess", "lineart", Workplace.example("cat.jpg"), "-o", "sketch.png", "--size", "256")
    #expect(sketch.errors.contains("read as lines"))
    try place.run(
      "preprocess", "lineart", Workplace.example("cat.jpg"), "-o", "photo.png", "--size", "256", "--option",
      "input=photo", "--option", "sigma=2")
    #expect(try place.image("photo.png") != place.image("sketch.png"))
    try place.refuse(
      "preprocess", "lineart", Workplace.example("cat.jpg"), "-o", "x.png", "--option", "sigma=0", saying: "0.3 to 10")
  }

  @Test("A map of segments in its own colours, and in those of a palette")
  func segmentation() throws {
    // Sky over grass in ADE20K's colours, as a JPEG file has them.
    let pixels = (0..<64 * 64).flatMap { $0 < 64 * 29 ? [6, 230, 230] : [4, 250, 7] as [UInt8] }
    try ImageFile.write(Image(width: 64, height: 64, pixels: pixels), to: place.path("map.jpg"), quality: 90)
    func colours(_ palette: String) throws -> Set<[UInt8]> {
      try place.run("preprocess", "segmentation", "map.jpg", "-o", "\(palette).png", "--option", "palette=\(palette)")
      let found = try place.image("\(palette).png").pixels
      return Set(stride(from: 0, to: found.count, by: 3).map { Array(found[$0..<$0 + 3]) })
    }
    #expect(try colours("free").count > 2)
    #expect(try colours("ade20k") == [[6, 230, 230], [4, 250, 7]])
    try place.refuse(
      "preprocess", "segmentation", "map.jpg", "-o", "x.png", "--option", "palette=coco", saying: "free, ade20k or voc")
  }

  @Test("The bundled model tells that it has none of them")
  func untrained() throws {
    try place.refuse("sample", "--palette", "red,navy", "-o", "x.png", saying: "no weights for the adapter palette")
    try place.refuse(
      "control", "--lineart", Workplace.example("cat.jpg"), "-o", "x.png", saying: "no weights", "lineart")
  }

  @Test("All three are prepared from scenes, trained for a few steps, and used")
  func training() throws {
    try place.run("data", "scenes", "-o", "scenes", "--count", "8", "--size", "16")
    try FileManager.default.createDirectory(
      atPath: place.path("scenes/palette/mug"), withIntermediateDirectories: true)
    try Data("red, navy:3\n".utf8).write(to: URL(fileURLWithPath: place.path("scenes/palette/mug/00000000.txt")))
    try place.run(
      "train", "tokenizer", "--data", "scenes", "-o", "vq", "--steps", "2", "--set", "channels=8", "--set",
      "multipliers=[1,1]", "--set", "latent=8", "--set", "codebook=16", "--set", "code_dim=4", "--set", "groups=4",
      "--set", "image_size=16", "--set", "batch=2", "--set", "quantization_warmup=1")
    try place.run(
      "data", "prepare", "scenes", "-o", "data", "--adapters", "palette,lineart,segmentation", "--model", "vq/model")
    let given = try place.image("data/controls/palette/mug/00000000.png")
    #expect(given.width == 256 && Array(given.pixels.prefix(3)) == [0, 0, 128])
    #expect(Array(given.pixels[191 * 3..<193 * 3]) == [0, 0, 128, 255, 0, 0])
    #expect(try place.image("data/controls/segmentation/mug/00000000.png").pixels.contains { $0 > 0 })
    #expect(try place.image("data/controls/lineart/mug/00000000.png").isGrey)
    try place.run(
      "data", "show", "data", "--adapters", "palette,lineart,segmentation", "-o", "sheet.png", "--count", "3")

    try place.run(
      "train", "decoder", "--data", "data", "-o", "base", "--steps", "2", "--set", "dim=16", "--set", "layers=2",
      "--set",
      "heads=2", "--set", "hidden=32", "--set", "batch=2")
    try place.run(
      "train", "adapter", "--data", "data", "--model", "base/model", "-o", "run", "--steps", "3", "--set",
      "adapters=palette,lineart,segmentation", "--set", "batch=2", "--set", "drop_control=0.3")
    let weights = try Checkpoint.open(place.path("run/model/palette.safetensors"))
    #expect(weights.shape(of: "null") == [8, 16] && weights.shape(of: "colour.fc1.weight") == [16, 4])

    let sample = ["sample", "--model", "run/model", "--class", "mug", "--seed", "1"]
    func image(_ name: String, _ more: String...) throws -> Image {
      let run = try ARPGProcess(sample + more + ["-o", name], in: place.folder)
      #expect(run.status == 0, "\(run.errors)")
      return try place.image(name)
    }
    #expect(try image("a.png", "--palette", "#aa3311,navy:3") == image("b.png", "--palette", "000080:3,a31"))
    #expect(try image("c.png", "--control", "palette=lime,strength=0") == image("d.png"))
    let scene = "scenes/images/mug/00000000.png"
    try place.run(
      "control", "--model", "run/model", "--lineart", scene, "--segments", scene + ",palette=voc", "--palette",
      "red", "-o", "e.png")
    for (text, words) in [("redd", "'redd' is no colour"), ("red:0", "the weight '0'"), ("", "input")] {
      try place.refuse("sample", "--model", "run/model", "--palette", text, "-o", "x.png", saying: words)
    }
  }
}
