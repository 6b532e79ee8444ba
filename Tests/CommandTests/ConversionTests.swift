import ARPG
import ARPGStarter
import Foundation
import TestSupport
import Testing

/// Adapters and settings of a model's folder, taken from checkpoints.
@Suite("Converting into a folder that is there")
struct ConversionTests {
  private let place: Workplace
  private let starter: ModelFolder

  init() throws {
    place = try Workplace()
    starter = try ModelFolder.read(Starter.path(), .twoPass)
    try place.run(
      "convert", "--decoder", starter.path(of: "decoder.safetensors"), "--tokenizer",
      starter.path(of: "tokenizer.safetensors"), "--heads", "6", "--groups", "8", "-o", "m", "--quiet")
  }

  private var description: ModelDescription {
    get throws { try ModelFolder.read(place.path("m"), .twoPass).description }
  }

  @Test("An adapter's settings are read off its weights, and the whole is checked before anything is written")
  func adapters() throws {
    let file = starter.path(of: "canny.safetensors"), before = try description
    try place.refuse("convert", "--adapter", "canny=\(file),heads=5", "-o", "m", saying: "heads is 5")
    try place.refuse("convert", "--adapter", "canny=\(file),heads=4,patch=8", "-o", "m", saying: "patch")
    try place.refuse("convert", "--adapter", "canny=\(file),heads=4,inject=0+1", "-o", "m", saying: "condition_layers")
    #expect(try description == before)
    // Shapes do not tell the heads, so that those of the published sizes are taken and told.
    #expect(try place.run("convert", "--adapter", "canny=\(file)", "-o", "m").errors.contains("heads=2"))
    try place.run("convert", "--adapter", "canny=\(file),heads=4", "-o", "m", "--quiet")
    let found = try #require(try description.adapters["canny"]?.configuration)
    let expected = try #require(starter.description.adapters["canny"]?.configuration)
    for key in ["encoder", "heads", "hidden", "image", "layers", "patch"] {
      guard case .object(let found) = found, case .object(let expected) = expected else { continue }
      #expect(found[key] == expected[key], "\(key)")
    }
    try place.run(
      "control", "--model", "m", "--edges", Fixtures.path("images/cat.jpg"), "--steps", "4", "-o", "a.png", "--quiet")
    try place.run(
      "control", "--edges", Fixtures.path("images/cat.jpg"), "--steps", "4", "--guidance", "1", "--top-p", "1",
      "--precision", "f16", "-o", "b.png", "--quiet")
    // The same weights, whose settings the other folder has not.
    try place.run(
      "control", "--model", "m", "--edges", Fixtures.path("images/cat.jpg"), "--steps", "4", "--guidance", "1",
      "--top-p", "1", "-o", "c.png", "--quiet")
    #expect(try place.image("b.png") == place.image("c.png"))
  }

  @Test("Name and sizes of a folder that is there change, and adapters that no longer fit are left out")
  func settings() throws {
    try place.run("convert", "--name", "other", "--heads", "12", "-o", "m", "--quiet")
    #expect(try description.name == "other")
    #expect(try description.decoder?.layout.dim == 384)
    #expect(try place.run("info", "m").output.contains("12 heads"))
    try place.run(
      "convert", "--adapter", "canny=\(starter.path(of: "canny.safetensors")),heads=4", "-o", "m", "--quiet")
    let decoder = Fixtures.path("checkpoints/ddp.pt")
    try place.refuse("convert", "--decoder", decoder, "--heads", "2", "--grid", "4", "-o", "m", saying: "codebook")
    #expect(try description.adapters.keys.sorted() == ["canny"])
    try place.run("convert", "--decoder", decoder, "--heads", "2", "--grid", "4", "-o", "small", "--quiet")
    try place.refuse("convert", "--name", "x", "-o", "nowhere", saying: "nothing to convert")
    try Data("x".utf8).write(to: place.folder.appendingPathComponent("file"))
    try place.refuse("convert", "--decoder", decoder, "--heads", "2", "--grid", "4", "-o", "file", saying: "is a file")
  }

  @Test("Codes as data has them are shown, and the grid of one image is refused")
  func codes() throws {
    try NPYFile(shape: [1, 2, 256], values: (0..<512).map { $0 % 256 }).write(to: place.path("crops.npy"))
    #expect(try place.run("decode", "crops.npy", "-o", "x.png").lines == ["x.png", "x-1.png", "x-2.png"])
    try NPYFile(shape: [16, 16], values: Array(0..<256)).write(to: place.path("grid.npy"))
    try place.refuse("decode", "grid.npy", "-o", "y.png", saying: "the grid of one image", "[1, 256]")
  }

  @Test("A grid that is no square is given by its rows, its columns, or both")
  func grids() throws {
    try NPYFile(shape: [1, 512], values: (0..<512).map { $0 % 256 }).write(to: place.path("wide.npy"))
    try place.refuse("decode", "wide.npy", "-o", "x.png", saying: "give --rows and --columns")
    try place.run("decode", "wide.npy", "-o", "both.png", "--rows", "16", "--columns", "32")
    let image = try place.image("both.png")
    #expect(image.width == 512 && image.height == 256)
    try place.run("decode", "wide.npy", "-o", "rows.png", "--rows", "16")
    try place.run("decode", "wide.npy", "-o", "columns.png", "--columns", "32")
    #expect(try place.image("rows.png") == image && place.image("columns.png") == image)
    try place.refuse("decode", "wide.npy", "-o", "x.png", "--rows", "7", saying: "do not fill 7 rows")
  }

  @Test("A class alone is a control as well, and tells what changes nothing")
  func textAlone() throws {
    let run = try place.run("control", "--class", "mug,strength=0.5,to=0.3", "--steps", "2", "-o", "mug.png")
    #expect(run.errors.contains("strength, from and to change nothing"))
  }
}
