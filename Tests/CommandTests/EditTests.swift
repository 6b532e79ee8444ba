import ARPG
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

@Suite("arpg edit")
struct EditTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.run("control", "--edges", Workplace.example("mug.png"), "--class", "mug", "--seed", "3", "-o", "mug.png")
  }

  private func mask(_ name: String, side: Int = 256, _ isWhite: (_ x: Int, _ y: Int) -> Bool) throws {
    let grey = (0..<side * side).map { UInt8(isWhite($0 % side, $0 / side) ? 255 : 0) }
    try ImageFile.write(Image(width: side, height: side, grey: grey), to: place.path(name))
  }

  private func codes(_ name: String) throws -> [Int] { try NPYFile(contentsOf: place.path(name)).values }

  @Test("A mask and a box that say the same give the same; pixels outside stay, codes outside stay")
  func hole() throws {
    try mask("mask.png") { x, y in (64..<192).contains(x) && (64..<192).contains(y) }
    let arguments = ["--class", "mug", "--seed", "5", "--steps", "8"]
    func edit(_ rest: String...) throws -> ARPGProcess {
      let process = try ARPGProcess(["edit", "mug.png"] + rest + arguments, in: place.folder)
      #expect(process.status == 0, "\(process.errors)")
      return process
    }
    let report = try edit("--mask", "mask.png", "--paste", "hard", "-o", "hard.png", "--trace", "t")
    #expect(report.errors.contains("75 % of the codes are kept"))
    _ = try edit("--box", "25%,25%,50%,50%", "--paste", "hard", "-o", "box.png", "--threads", "1")
    _ = try edit("--box", "64,64,128,128", "-o", "feather.png")
    let given = try place.image("mug.png"), hard = try place.image("hard.png")
    #expect(try place.image("box.png") == hard)
    let feather = try place.image("feather.png")
    var changed = 0, seam = 0
    for y in 0..<256 {
      for x in 0..<256 {
        let pixel = (y * 256 + x) * 3..<(y * 256 + x) * 3 + 3
        let isInside = (64..<192).contains(x) && (64..<192).contains(y)
        if isInside {
          #expect(feather.pixels[pixel] == hard.pixels[pixel])
          if hard.pixels[pixel] != given.pixels[pixel] { changed += 1 }
        } else {
          #expect(hard.pixels[pixel] == given.pixels[pixel])
          if feather.pixels[pixel] != given.pixels[pixel] {
            seam += 1
            #expect((48..<208).contains(x) && (48..<208).contains(y), "the seam reaches \(x), \(y)")
          }
        }
      }
    }
    #expect(changed > 1000 && seam > 100)
    try place.run("encode", "mug.png", "-o", "codes.npy")
    let before = try codes("codes.npy"), after = try place.trace("t").integers(named: "codes")
    for cell in 0..<256 where !((4..<12).contains(cell % 16) && (4..<12).contains(cell / 16)) {
      #expect(after[cell] == before[cell])
    }
  }

  @Test("An empty mask gives the image back; a full one gives what control gives")
  func ends() throws {
    try mask("empty.png") { _, _ in false }
    try mask("full.png", side: 8) { _, _ in true }
    let process = try place.run("edit", "mug.png", "--mask", "empty.png", "-o", "same.png")
    #expect(process.errors.contains("the mask is black everywhere") && process.errors.contains("nothing changes"))
    #expect(try place.image("same.png") == place.image("mug.png"))
    let sketch = Workplace.example("mug.png")
    try place.run("control", "--edges", sketch, "--seed", "4", "--steps", "8", "-o", "control.png")
    try place.run(
      "edit", "mug.png", "--mask", "full.png", "--edges", sketch, "--seed", "4", "--steps", "8", "-o", "full-out.png")
    #expect(try place.image("full-out.png") == place.image("control.png"))
  }

  @Test("Variations are those of single runs, and one seed gives one result")
  func variations() throws {
    let arguments = ["edit", "mug.png", "--box", "0,0,50%,50%", "--seed", "9", "--steps", "6"]
    func run(_ rest: String...) throws {
      let process = try ARPGProcess(arguments + rest, in: place.folder)
      #expect(process.status == 0, "\(process.errors)")
    }
    try run("--variations", "3", "-o", "v.png")
    try run("--number", "2", "-o", "one.png", "--threads", "1")
    #expect(try place.image("one.png") == place.image("v-2.png"))
    #expect(try place.image("v-1.png") != place.image("v-3.png"))
    let text = try ImageFile.text(of: place.path("one.png")).first { $0.keyword == "arpg" }
    #expect(text?.value.contains("\"0,0,50%,50%\"") == true && text?.value.contains("\"mug.png\"") == true)
  }

  @Test("Margins are decoded, in one window or in several, and the image stays inside them")
  func outpainting() throws {
    let given = try place.image("mug.png")
    for (margins, width, height, left, top) in [
      ("left=32,right=16,top=24", 304, 280, 32, 24), ("right=256", 512, 256, 0, 0), ("64", 384, 384, 64, 64),
    ] {
      let process = try place.run(
        "edit", "mug.png", "--outpaint", margins, "--paste", "hard", "--steps", "8", "-o", "wide.png")
      #expect(process.errors.contains("windows") == (margins == "right=256"))
      let image = try place.image("wide.png")
      #expect(image.width == width && image.height == height)
      #expect(image.cropped(columns: left..<left + 256, rows: top..<top + 256) == given)
    }
    try place.run(
      "edit", "mug.png", "--outpaint", "left=256", "--edges", Workplace.example("mug.png"), "--class", "mug", "--steps",
      "4", "-o", "two.png", "--fit", "pad")
  }

  @Test("Another class with some codes kept: any of the choices, as many as asked for")
  func keeping() throws {
    try place.run("encode", "mug.png", "-o", "codes.npy")
    let before = try codes("codes.npy")
    for choice in ["random", "certainty", "edges"] {
      let process = try place.run(
        "edit", "mug.png", "--keep", "0.4", "--keep-by", choice, "--class", "vase", "--steps", "8", "--trace", "t",
        "-o", "\(choice).png")
      #expect(process.errors.contains("40 % of the codes are kept"))
      let after = try place.trace("t").integers(named: "codes")
      #expect(zip(before, after).count { $0 == $1 } >= 102)
    }
    #expect(try place.image("edges.png") != place.image("random.png"))
    try place.run("edit", "codes.npy", "--keep", "1", "--class", "vase", "-o", "all.png")
    try place.run("decode", "codes.npy", "-o", "decoded.png")
    #expect(try place.image("all.png") == place.image("decoded.png"))
  }

  @Test("Images of other shapes keep their size; what the model does not see stays")
  func shapes() throws {
    let wide = try place.image("mug.png").resized(to: ImageSize(width: 400, height: 200), filter: .bicubic)
    try ImageFile.write(wide, to: place.path("wide.png"))
    for fit in ["crop", "pad", "stretch"] {
      try place.run(
        "edit", "wide.png", "--box", "120,60,100,80", "--fit", fit, "--paste", "hard", "--steps", "4", "-o", "o.png")
      let image = try place.image("o.png")
      #expect(image.width == 400 && image.height == 200)
      for y in 0..<200 {
        for x in 0..<400 where !((120..<220).contains(x) && (60..<140).contains(y)) {
          let pixel = (y * 400 + x) * 3..<(y * 400 + x) * 3 + 3
          #expect(image.pixels[pixel] == wide.pixels[pixel], "\(fit): \(x), \(y)")
        }
      }
    }
    let process = try place.run("edit", "wide.png", "--box", "0,0,40,200", "--steps", "2", "-o", "o.png")
    #expect(process.errors.contains("beyond what the model sees"))
    for (width, height) in [(1, 1), (3, 300)] {
      try ImageFile.write(
        Image(width: width, height: height, grey: Array(repeating: 9, count: width * height)), to: place.path("odd.png")
      )
      try place.run("edit", "odd.png", "--outpaint", "2", "--steps", "2", "-o", "o.png", "--force")
    }
  }

  @Test("What cannot be edited is refused in one line, and inputs are not replaced")
  func refusals() throws {
    try place.refuse("edit", "mug.png", "-o", "o.png", saying: "nothing says what is to change", "--mask")
    try place.refuse("edit", "no.png", "--box", "0,0,1,1", saying: "no.png")
    try place.refuse("edit", "mug.png", "--box", "0,0,1", saying: "--box")
    try place.refuse("edit", "mug.png", "--outpaint", "up=3", saying: "--outpaint")
    try place.refuse("edit", "mug.png", "--keep", "2", saying: "--keep")
    try place.refuse("edit", "mug.png", "--box", "0,0,9,9", "--grow", "-1", saying: "--grow")
    try place.refuse("edit", "mug.png", "--box", "0,0,9,9", "--mask-threshold", "1", saying: "--mask-threshold")
    try place.refuse("edit", "mug.png", "--box", "0,0,9,9", "-o", "mug.png", saying: "one of the inputs")
    try place.refuse("edit", "-", "--mask", "-", saying: "standard input is one")
    try NPYFile(shape: [3], values: [1, 2, 3]).write(to: place.path("three.npy"))
    try place.refuse("edit", "three.npy", "--keep", "0.5", saying: "three.npy", "[3]", "256 codes")
    try place.run("edit", "mug.png", "--box", "0,0,64,64", "--steps", "2", "-o", "mug.png", "--force")
  }
}
