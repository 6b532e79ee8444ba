import ARPG
import ARPGControl
import ARPGImageFiles
import CannyControl
import Foundation
import TestSupport
import Testing

struct EdgeReadingTests {
  static let sketches = ["ball", "bottle", "car", "donut", "house", "mug", "mushroom", "snowman"]
  static let photographs = ["astronaut", "cat", "coffee"]
  static let renders = ["0", "4", "9", "12", "13"]
  private let size = ImageSize(width: 128, height: 128)

  /// What Canny's control makes of an image.
  private static func reading(
    _ image: FittedImage, as input: LineInput? = nil, detector: CannyEdgeDetector = CannyEdgeDetector()
  ) -> LineReading { LineReading(image, as: input, findLines: detector.edges(of:)) }

  private static func sketch(_ name: String) throws -> Image {
    try ImageFile.read(Fixtures.path("sketches/\(name).png"))
  }

  private static func photograph(_ name: String) throws -> Image {
    try ImageFile.read(Fixtures.path("images/\(name).png"))
  }

  private static func mapped(_ image: Image, _ change: (UInt8) -> UInt8) -> Image {
    Image(width: image.width, height: image.height, pixels: image.pixels.map(change))
  }

  /// The drawing in pencil on yellowish paper that darkens to one corner, with grain.
  private static func pencil(_ image: Image, strength: Double) -> Image {
    var state: UInt64 = 7
    func grain() -> Double {
      let sum = (0..<4).reduce(0.0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 33) / Double(1 << 31) - 0.5
      }
      return sum * 6
    }
    var pixels: [UInt8] = []
    for index in 0..<image.width * image.height {
      let x = Double(index % image.width) / Double(image.width)
      let y = Double(index / image.width) / Double(image.height)
      let ink = 1 - strength * (1 - Double(image.pixels[index * 3]) / 255)
      let noise = grain()
      for paper in [235 - 40 * x - 20 * y, 228 - 40 * x - 22 * y, 205 - 40 * x - 25 * y] {
        pixels.append(UInt8(max(0, min(paper * ink + noise, 255))))
      }
    }
    return Image(width: image.width, height: image.height, pixels: pixels)
  }

  private static func compressed(_ image: Image, quality: Int) throws -> Image {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jpg").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ImageFile.write(image, to: path, quality: quality)
    return try ImageFile.read(path)
  }

  /// The same drawing in many guises.
  private static func variants(of name: String) throws -> [(String, Image)] {
    let sketch = try sketch(name)
    let pencil = pencil(sketch, strength: 0.55)
    return [
      ("drawn", sketch), ("white on black", mapped(sketch) { 255 - $0 }),
      ("JPEG", try compressed(sketch, quality: 30)),
      ("small", sketch.resized(to: ImageSize(width: 128, height: 128), filter: .area)),
      ("large", sketch.resized(to: ImageSize(width: 1500, height: 1500), filter: .bicubic)),
      ("pencil", try compressed(pencil, quality: 75)),
      ("faint", try compressed(Self.pencil(sketch, strength: 0.25), quality: 75)),
      ("chalk", mapped(pencil) { 255 - $0 }), ("grey", mapped(sketch) { 90 + $0 / 2 }),
    ]
  }

  @Test(arguments: sketches) func drawingsAreToldFromPhotographs(name: String) throws {
    for (guise, image) in try Self.variants(of: name) { #expect(LineInput(of: image) == .lines, "\(name), \(guise)") }
  }

  @Test func edgeMapsAreToldFromPhotographs() throws {
    let folder = Fixtures.path("images")
    let maps = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".canny-") }
    #expect(maps.count == 12)
    for name in maps {
      let map = try ImageFile.read("\(folder)/\(name)")
      #expect(LineInput(of: map) == .lines, "\(name)")
      #expect(LineInput(of: Self.mapped(map) { 255 - $0 }) == .lines, "\(name) inverted")
      #expect(LineInput(of: try Self.compressed(map, quality: 50)) == .lines, "\(name) as JPEG")
    }
  }

  @Test(arguments: photographs) func photographsAreToldFromDrawings(name: String) throws {
    let image = try Self.photograph(name)
    let guises = [
      ("as it is", image), ("grey", try Self.photograph("\(name).grey")),
      ("small", try Self.photograph("\(name).crop-128")),
      ("JPEG", try Self.compressed(image, quality: 50)), ("dark", Self.mapped(image) { $0 / 3 }),
      ("light", Self.mapped(image) { 255 - (255 - $0) / 3 }),
    ]
    for (guise, image) in guises { #expect(LineInput(of: image) == .photo, "\(name), \(guise)") }
  }

  @Test(arguments: renders) func rendersOnPlainGroundAreNotDrawings(name: String) throws {
    let image = try ImageFile.read(Fixtures.path("renders/\(name).png"))
    #expect(LineInput(of: image) == .photo)
    #expect(LineInput(of: image.resized(to: ImageSize(width: 512, height: 512), filter: .bicubic)) == .photo)
  }

  @Test(arguments: ["mug", "mushroom"]) func sketchesAreReadAsTheModelWasShownThem(name: String) throws {
    let reading = Self.reading(FittedImage(try Self.sketch(name), to: size))
    #expect(reading.input == .lines)
    #expect(reading.image == (try ImageFile.read(Fixtures.path("sketches/\(name).prepared.png"))))
  }

  @Test(arguments: sketches) func everyGuiseReadsAsTheSameDrawing(name: String) throws {
    let expected = Self.reading(FittedImage(try Self.sketch(name), to: size), as: .lines).image
    for (guise, image) in try Self.variants(of: name) {
      let sketch = Sketch(image)
      #expect(sketch.isDarkOnLight == !["white on black", "chalk"].contains(guise), "\(name), \(guise)")
      let drawn = Sketch.image(of: sketch.ink, on: FittedImage(image, to: size))
      #expect(drawn.width == 128 && drawn.height == 128 && drawn.isGrey)
      #expect(drawn.pixels.max() == 255)
      let sum = zip(drawn.pixels, expected.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(sum) / Double(expected.pixels.count) < 6, "\(name), \(guise)")
    }
  }

  @Test func thinLinesReachFullBrightness() {
    var grey = [UInt8](repeating: 255, count: 512 * 512)
    for x in 60..<450 { grey[200 * 512 + x] = 0 }
    for y in 100..<400 { grey[y * 512 + 260] = 0 }
    let source = Image(width: 512, height: 512, grey: grey)
    let image = Sketch.image(of: Sketch(source).ink, on: FittedImage(source, to: size))
    #expect(image.greyValues[50 * 128 + 30] == 255)
    #expect(image.greyValues.count { $0 > 0 } < 200)
  }

  @Test func paddingKeepsAllOfAWideDrawing() {
    var grey = [UInt8](repeating: 250, count: 400 * 100)
    for y in 20..<80 {
      for x in [4, 5, 6, 393, 394, 395] { grey[y * 400 + x] = 10 }
    }
    let wide = Image(width: 400, height: 100, grey: grey), square = ImageSize(width: 100, height: 100)
    #expect(Self.reading(FittedImage(wide, to: square)).image.pixels.allSatisfy { $0 == 0 })
    let reading = Self.reading(FittedImage(wide, to: square, fit: .pad))
    #expect(reading.input == .lines)
    let values = reading.image.greyValues
    #expect(values[50 * 100 + 1] > 150 && values[50 * 100 + 98] > 150)
    #expect(values[10 * 100 + 1] == 0 && values[90 * 100 + 98] == 0)
  }

  @Test func emptyDrawingsHaveNoLines() {
    for tone: UInt8 in [0, 128, 255] {
      let blank = Image(width: 33, height: 20, grey: [UInt8](repeating: tone, count: 660))
      #expect(Self.reading(FittedImage(blank, to: size), as: .lines).image.pixels.allSatisfy { $0 == 0 })
      #expect(Self.reading(FittedImage(blank, to: nil), as: .photo).image.pixels.allSatisfy { $0 == 0 })
    }
  }

  @Test func theSmallestImagesAreRead() {
    for (width, height) in [(1, 1), (2, 1), (1, 3), (9, 2)] {
      let image = Image(width: width, height: height, grey: (0..<width * height).map { UInt8($0 * 37 % 256) })
      for input in [nil, LineInput.photo, .lines] {
        #expect(Self.reading(FittedImage(image, to: size), as: input).image.width == 128)
        #expect(Self.reading(FittedImage(image, to: nil), as: input).image.width == width)
      }
    }
  }

  @Test func photographsAreCroppedAndSearched() throws {
    let image = try Self.photograph("cat")
    let reading = Self.reading(FittedImage(image, to: size))
    #expect(reading.input == .photo)
    let edges = CannyEdgeDetector(low: 100, high: 200).edges(of: image.centreCropped(to: size))
    #expect(reading.image == Image(width: 128, height: 128, grey: edges))
    let own = Self.reading(FittedImage(image, to: nil), detector: CannyEdgeDetector(low: 20, high: 60)).image
    #expect(own == (try Self.photograph("cat.canny-20-60")))
  }

  @Test func theUserMayForceAReading() throws {
    let sketch = try Self.sketch("mug")
    #expect(Self.reading(FittedImage(sketch, to: size), as: .photo).input == .photo)
    #expect(Self.reading(FittedImage(try Self.photograph("cat"), to: nil), as: .lines).image.width == 451)
  }

  @Test func paddingOfAPhotographHasNoEdges() throws {
    let image = try Self.photograph("cat")
    for fit in ImageFit.allCases {
      let canvas = FittedImage(image, to: size, fit: fit)
      let reading = Self.reading(canvas, as: .photo)
      #expect(reading.image.greyValues.contains(255))
      for y in 0..<128 where !canvas.content.rows.contains(y) {
        #expect(reading.image.greyValues[y * 128..<(y + 1) * 128].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func inkOfOneColourOnTransparencyIsWhatIsOpaque() throws {
    let sketch = try Self.sketch("mug"), grey = sketch.greyValues
    let expected = Self.reading(FittedImage(sketch, to: size), as: .lines).image
    for tone: Float in [0, 90, 255] {
      let pixels = grey.flatMap { ink -> [UInt8] in
        let alpha = 1 - Float(ink) / 255
        return [UInt8](repeating: UInt8((tone * alpha + 255 * (1 - alpha)).rounded()), count: 3)
      }
      let drawing = Image(width: sketch.width, height: sketch.height, pixels: pixels, alpha: grey.map { 255 - $0 })
      let found = Self.reading(FittedImage(drawing, to: size), as: .lines).image
      let sum = zip(found.pixels, expected.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(sum) / Double(found.pixels.count) < 1, "tone \(tone)")
    }
  }

  @Test(arguments: [0, 17]) func aDarkFrameIsLeftOut(tone: UInt8) throws {
    let sketch = try Self.sketch("mug"), margin = 40
    let side = sketch.width + 2 * margin
    var grey = [UInt8](repeating: tone, count: side * side)
    for y in 0..<sketch.height {
      for x in 0..<sketch.width {
        grey[(y + margin) * side + x + margin] = sketch.greyValues[y * sketch.width + x]
      }
    }
    let reading = Self.reading(FittedImage(Image(width: side, height: side, grey: grey), to: size))
    #expect(reading.frame == margin && reading.input == .lines)
    let inner = margin * 128 / side
    for y in 0..<128 {
      let row = reading.image.greyValues[y * 128..<(y + 1) * 128]
      #expect(row.prefix(inner).allSatisfy { $0 == 0 } && row.suffix(inner).allSatisfy { $0 == 0 })
    }
    #expect(reading.image.greyValues.contains(255))
    // White lines on black have no frame.
    #expect(Self.reading(FittedImage(reading.image)).frame == 0)
  }
}
