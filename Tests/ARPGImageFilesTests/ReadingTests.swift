import ARPGImages
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

struct ReadingTests {
  private static func names(in folder: String, ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Fixtures.path(folder)).filter { $0.hasSuffix(ending) }.sorted()
  }

  private func expectPixels(of name: String) throws {
    let image = try ImageFile.read(Fixtures.path(name))
    let expected = try NumpyArray(fixture: name.replacing(/\.(png|jpg)$/, with: ".npy"))
    #expect([image.height, image.width, 3] == expected.shape, "\(name)")
    #expect(image.pixels == expected.bytes, "\(name)")
  }

  @Test func everyKindOfPNGIsRead() throws {
    let names = try Self.names(in: "png-kinds", ending: ".png")
    #expect(names.count == 53)
    for name in names { try expectPixels(of: "png-kinds/\(name)") }
  }

  @Test func sixteenBitGreyKeepsItsPrecision() throws {
    let names = try Self.names(in: "png-kinds", ending: ".png")
    for name in names {
      let image = try ImageFile.read(Fixtures.path("png-kinds/\(name)"))
      let isDeep = name.hasPrefix("grey") && name.contains("-16")
      #expect((image.deepGrey != nil) == isDeep, "\(name)")
      if isDeep {
        let expected = try NumpyArray(fixture: "png-kinds/\(name.replacing(".png", with: ".deep.npy"))")
        #expect(image.deepGrey == expected.shorts, "\(name)")
      }
    }
  }

  @Test func everyKindOfJPEGIsRead() throws {
    let names = try Self.names(in: "jpeg-kinds", ending: ".jpg")
    #expect(names.count == 17)
    for name in names { try expectPixels(of: "jpeg-kinds/\(name)") }
  }

  @Test(arguments: ["astronaut", "cat", "coffee"])
  func photographsAreDecodedAsTheReferenceDoes(name: String) throws {
    let image = try ImageFile.read(Fixtures.path("images/\(name).jpg"))
    let expected = try NumpyArray(fixture: "images/\(name).jpg.npy")
    #expect(expected.shape == [(image.height + 7) / 8, (image.width + 7) / 8, 3])
    var sampled: [UInt8] = []
    for y in stride(from: 0, to: image.height, by: 8) {
      for x in stride(from: 0, to: image.width, by: 8) {
        sampled += image.pixels[(y * image.width + x) * 3..<(y * image.width + x) * 3 + 3]
      }
    }
    #expect(sampled == expected.bytes)
  }

  @Test func headersTellTheKind() throws {
    let palette = try ImageFile.info(of: Fixtures.path("png-kinds/palette-2-interlaced.png"))
    #expect(palette.format == .png && palette.kind == .palette && palette.bitDepth == 2 && palette.isProgressive)
    #expect(palette.width == 13 && palette.height == 9 && palette.orientation == 1)
    let turned = try ImageFile.info(of: Fixtures.path("jpeg-kinds/orientation-6.jpg"))
    #expect(turned.format == .jpeg && turned.orientation == 6 && turned.width == 23 && turned.height == 37)
    #expect(try ImageFile.info(of: Fixtures.path("png-kinds/orientation-6.png")).width == 23)
    for (name, kind) in [
      ("grey", .grey), ("rgb", .rgb), ("cmyk", .cmyk), ("ycck", .ycck), ("progressive", .yCbCr),
    ] as [(String, ImageFileInfo.Kind)] {
      let info = try ImageFile.info(of: Fixtures.path("jpeg-kinds/\(name).jpg"))
      #expect(info.kind == kind && info.bitDepth == 8 && info.isProgressive == (name == "progressive"), "\(name)")
    }
  }
}
