import ARPG
import ARPGImageFiles
import ARPGStarter
import ARPGTraining
import Foundation
import SegmentationControl
import TestSupport
import Testing

struct SegmentationTests {
  private let red = RGBColour(red: 200, green: 10, blue: 10), blue = RGBColour(red: 10, green: 10, blue: 200)
  private let purple = RGBColour(red: 105, green: 10, blue: 105)

  private func image(_ colours: [RGBColour], width: Int, alpha: [UInt8]? = nil) -> Image {
    Image(
      width: width, height: colours.count / width, pixels: colours.flatMap(\.channels), alpha: alpha)
  }

  private func colours(of image: Image) -> [RGBColour] {
    stride(from: 0, to: image.pixels.count, by: 3).map { start in
      RGBColour(red: image.pixels[start], green: image.pixels[start + 1], blue: image.pixels[start + 2])
    }
  }

  private func options(_ palette: String) throws -> OptionValues {
    try OptionValues(["palette": palette], for: SegmentationControl().descriptor)
  }

  @Test("The nearest colour is that of an exhaustive search, and a palette's own colours are their labels")
  func nearest() {
    for palette in [SegmentationPalette.ade20k, .voc, SegmentationPalette([red, blue, purple])] {
      for number in stride(from: 0, to: 1 << 24, by: 65_537 / 3) {
        let colour = RGBColour(
          red: UInt8(number >> 16), green: UInt8(number >> 8 & 255), blue: UInt8(number & 255))
        let distances = palette.colours.map { own in
          zip(own.channels, colour.channels).map { pow(Double($0) - Double($1), 2) }.reduce(0, +)
        }
        #expect(palette.label(nearestTo: colour) == distances.firstIndex(of: distances.min() ?? 0))
      }
      for (label, colour) in palette.colours.enumerated() {
        #expect(palette.label(nearestTo: colour) == palette.colours.firstIndex(of: colour), "\(label)")
      }
    }
  }

  @Test("Palettes are the published ones")
  func palettes() {
    let ade = SegmentationPalette.ade20k.colours
    #expect(ade.count == 151 && Set(ade).count == 150)
    // Nothing, wall, building, sky, person, car, flag.
    #expect(
      [0, 1, 2, 3, 13, 21, 150].map { ade[$0].description } == [
        "#000000", "#787878", "#b47878", "#06e6e6", "#96053d", "#0066c8", "#5c00ff",
      ])
    // Road and skyscraper.
    #expect(ade[7] == ade[49] && ade[7].description == "#8c8c8c")
    #expect(ade.dropFirst().reduce(0) { $0 + $1.channels.reduce(0) { $0 + Int($1) } } == 58427)
    let voc = SegmentationPalette.voc.colours
    #expect(voc.count == 256 && Set(voc).count == 256)
    // Background, aeroplane, bicycle, person, monitor, border.
    #expect(
      [0, 1, 2, 15, 20, 255].map { voc[$0].description } == [
        "#000000", "#800000", "#008000", "#c08080", "#004080", "#e0e0c0",
      ])
  }

  @Test("A map in exactly a palette's colours stays as it is, down to single pixels")
  func exact() throws {
    for palette in [SegmentationPalette.ade20k, .voc] {
      let colours = (0..<31 * 20).map { palette.colours[$0 * 17 % palette.colours.count] }
      let map = image(colours, width: 31)
      #expect(SegmentationMap(FittedImage(map)).image(in: palette) == map)
    }
  }

  @Test("A smooth border is of the colours on its sides and of no third one")
  func border() {
    // Left red, right blue, and between them a column whose mixture is purple, which the palette has.
    let palette = SegmentationPalette([red, blue, purple])
    let colours = (0..<12 * 9).map { pixel in
      let x = pixel % 12
      return x < 5 ? red : x > 5 ? blue : RGBColour(red: 120, green: 11, blue: 95)
    }
    let labels = SegmentationMap(FittedImage(image(colours, width: 12))).labels(of: palette)
    for (pixel, label) in labels.enumerated() { #expect(label == (pixel % 12 <= 5 ? 0 : 1), "\(pixel)") }
    // What is really of the third colour stays, if it is as thin.
    let line = (0..<12 * 9).map { $0 % 12 < 5 ? red : $0 % 12 > 5 ? blue : purple }
    #expect(
      SegmentationMap(FittedImage(image(line, width: 12))).labels(of: palette).count { $0 == 2 } == 9)
  }

  @Test("The noise of a JPEG file goes away within segments")
  func compressed() throws {
    let palette = SegmentationPalette.ade20k
    // Sky over grass, with a building.
    let labels = (0..<96 * 96).map { pixel in
      let x = pixel % 96, y = pixel / 96
      return 24..<72 ~= x && 32..<80 ~= y ? 2 : y < 48 ? 3 : 10
    }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jpg").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ImageFile.write(image(labels.map { palette.colours[$0] }, width: 96), to: path, quality: 80)
    let file = try ImageFile.read(path)
    #expect(file.pixels != image(labels.map { palette.colours[$0] }, width: 96).pixels)
    let found = SegmentationMap(FittedImage(file)).labels(of: palette)
    #expect(zip(found, labels).count { $0 == $1 } > 96 * 96 * 97 / 100)
    // Deep within, nothing is another.
    for y in 0..<96 {
      for x in 0..<96 where [24, 72].allSatisfy({ abs(x - $0) > 8 }) && [32, 48, 80].allSatisfy({ abs(y - $0) > 8 }) {
        #expect(found[y * 96 + x] == labels[y * 96 + x], "\(x), \(y)")
      }
    }
  }

  @Test("Scaling, cropping and padding mix no colours; padding and what is transparent is black")
  func canvas() throws {
    let three = [red, blue, purple]
    let colours = (0..<50 * 30).map { pixel -> RGBColour in
      let x = pixel % 50, y = pixel / 50
      return three[(x / 7 + y / 4) % 3]
    }
    let alpha = (0..<50 * 30).map { UInt8($0 % 50 < 10 ? 100 : 255) }
    for fit in ImageFit.allCases {
      for side in [8, 31, 64] {
        let canvas = FittedImage(image(colours, width: 50), to: ImageSize(width: side, height: side), fit: fit)
        let control = try SegmentationControl().controlImage(from: canvas, options: options("free"))
        let found = try #require(control.image)
        var allowed: Set = [red, blue, purple]
        if canvas.hasPadding { allowed.insert(RGBColour(red: 0, green: 0, blue: 0)) }
        #expect(Set(self.colours(of: found)) == allowed)
        for y in 0..<side where !canvas.content.rows.contains(y) {
          #expect(found.pixels[y * side * 3..<(y + 1) * side * 3].allSatisfy { $0 == 0 })
        }
      }
    }
    let map = SegmentationMap(FittedImage(image(colours, width: 50, alpha: alpha))).image
    for (pixel, colour) in self.colours(of: map).enumerated() {
      #expect(colour == (pixel % 50 < 10 ? RGBColour(red: 0, green: 0, blue: 0) : colours[pixel]))
    }
  }

  @Test("Parts of a training image become colours of their own; without parts an image tells no segments")
  func training() throws {
    let grey = Image(width: 16, height: 16, grey: Array(repeating: 9, count: 256))
    let context = PreprocessingContext(imageSize: ImageSize(width: 16, height: 16))
    let control = SegmentationControl()
    #expect(try control.control(of: TrainingImage(image: grey), in: context) == nil)
    let parts = Image(width: 16, height: 16, grey: (0..<256).map { UInt8($0) }).greyPlane
    let made = try #require(try control.control(of: TrainingImage(image: grey, maps: ["parts": parts]), in: context))
    let shown = try #require(made.image)
    #expect(shown.pixels == SegmentationPalette.voc.colours.flatMap(\.channels))
    #expect(try control.storedControl(.image(shown), in: context).values.values == made.values.values)
  }

  @Test(
    "Maps that are given beside images are scaled without mixing colours, whatever the crops",
    arguments: ImageCrops.allCases)
  func given(crops: ImageCrops) throws {
    let folder = try TemporaryFolder()
    for name in ["images", "segmentation"] {
      try FileManager.default.createDirectory(atPath: folder.file("in/\(name)"), withIntermediateDirectories: true)
    }
    let three = [red, blue, purple]
    let colours = (0..<90 * 70).map { pixel -> RGBColour in three[(pixel % 90 / 9 + pixel / 90 / 7) % 3] }
    try ImageFile.write(image(colours, width: 90), to: folder.file("in/images/0.png"))
    try ImageFile.write(image(colours, width: 90), to: folder.file("in/segmentation/0.png"))
    let list = try ImageList(folder.file("in")), root = folder.file("data"), adapter = SegmentationControl()
    var preparation = try DataPreparation(model: .read(Starter.path(), .twoPass), adapters: [adapter], crops: crops)
    _ = try preparation.writeDescription(labels: list.labels, to: root, .twoPass)
    guard case .written = try preparation.prepare(list.entries[0], of: list, to: root) else {
      Issue.record("the image was not prepared")
      return
    }
    let data = try TrainingData(root, .twoPass)
    for index in 0..<(crops == .centre ? 1 : crops == .flip ? 2 : 10) {
      let sample = try data.sample(0) { _ in index }
      let control = try data.control(adapter, of: 0, sample, in: PreprocessingContext(imageSize: nil))
      let stored = try #require(control.image)
      #expect(stored.width == 256 && Set(self.colours(of: stored)) == Set(three))
    }
  }
}
