import ARPG
import ARPGImageFiles
import ARPGStarter
import ARPGTraining
import Foundation
import PaletteControl
import TestSupport
import Testing

struct PaletteDataTests {
  private func image(_ colours: [[UInt8]]) -> Image {
    Image(width: 64, height: 64, pixels: (0..<64 * 64).flatMap { colours[$0 % 64 * colours.count / 64] })
  }

  @Test("Palettes are stored as swatches: those that are given as texts, and those of the other images")
  func preparation() throws {
    let folder = try TemporaryFolder(), adapter = PaletteControl()
    for name in ["images/ball", "palette/ball"] {
      try FileManager.default.createDirectory(atPath: folder.file("in/\(name)"), withIntermediateDirectories: true)
    }
    try ImageFile.write(image([[250, 20, 10], [20, 30, 200]]), to: folder.file("in/images/ball/0.png"))
    try ImageFile.write(image([[250, 20, 10], [20, 30, 200]]), to: folder.file("in/images/ball/1.png"))
    try ImageFile.write(image([[1, 2, 3]]), to: folder.file("in/images/ball/2.png"))
    _ = try folder.write(Data("lime, #123456:3\n".utf8), as: "in/palette/ball/1.txt")
    _ = try folder.write(Data("no colour".utf8), as: "in/palette/ball/2.txt")

    let list = try ImageList(folder.file("in")), root = folder.file("data")
    for crops in [ImageCrops.centre, .flip] {
      var preparation = try DataPreparation(model: .read(Starter.path(), .twoPass), adapters: [adapter], crops: crops)
      _ = try preparation.writeDescription(labels: list.labels, to: root, .twoPass)
      var reasons: [String] = []
      for entry in list.entries {
        if case .skipped(let reason) = try preparation.prepare(entry, of: list, to: root) { reasons.append(reason) }
      }
      #expect(reasons.count == 1 && reasons[0].contains("'no colour' is no colour"))
      guard case .present = try preparation.prepare(list.entries[0], of: list, to: root) else {
        Issue.record("an image was prepared twice")
        return
      }
      let data = try TrainingData(root, .twoPass), context = PreprocessingContext(imageSize: nil)
      #expect(data.count == 2)
      for index in 0..<2 {
        let sample = try data.sample(index) { $0 - 1 }
        #expect(sample.augmentations == (crops == .centre ? 1 : 2))
        let control = try data.control(adapter, of: index, sample, in: context)
        let palette = try ColourPalette(swatches: try #require(control.image))
        #expect(control.values.values == palette.values.values)
        if index == 1 {
          #expect(try palette == ColourPalette(parsing: "#123456:3,lime"))
        } else {
          // Scaling mixes colours on the border.
          let channels = palette.entries.prefix(2).map(\.colour.channels)
          #expect(Set(channels) == [[250, 20, 10], [20, 30, 200]], "\(palette)")
        }
      }
      try FileManager.default.removeItem(atPath: root)
    }
  }
}
