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

  /// A JPEG with its end marker cut off, and what a maker's program may leave behind it.
  @Test func jpegsWithoutAnEndAreRead() throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/cat.jpg"))))
    let expected = try ImageFile.read(whole)
    for trailer in [[], [0xFF], Array("SEFH maker's trailer".utf8), [0xFF, 0x01, 0x02, 0xFF, 0xC4, 0, 0]] as [[UInt8]] {
      var notes: [String] = []
      let image = try ImageFile.read(whole.dropLast(2) + trailer) { notes.append($0) }
      #expect(image == expected && notes.isEmpty)
    }
  }

  @Test(arguments: [1, 3, 4]) func orientationOfAnyWholeNumberIsApplied(type: UInt8) throws {
    let image = Image(width: 3, height: 2, grey: [0, 50, 100, 150, 200, 250])
    let jpeg = [UInt8](try ImageFile.encode(image, as: .jpeg, quality: 100))
    let value: [UInt8] = [6, 0, 0, 0]
    let tiff: [UInt8] =
      [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, type, 0, 1, 0, 0, 0] + value + [0, 0, 0, 0]
    #expect(try sides(jpeg, segment: Array("Exif\0\0".utf8) + tiff) == [2, 3])
  }

  @Test(arguments: [#"<rdf tiff:Orientation="6"/>"#, "<tiff:Orientation>6</tiff:Orientation>"])
  func orientationOfXMPIsApplied(packet: String) throws {
    let image = Image(width: 3, height: 2, grey: [0, 50, 100, 150, 200, 250])
    let xmp = Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Array(packet.utf8)
    #expect(try sides([UInt8](ImageFile.encode(image, as: .jpeg)), segment: xmp) == [2, 3])
    let png = try ImageFile.encode(image, as: .png, text: [("XML:com.adobe.xmp", packet)])
    #expect(try ImageFile.read([UInt8](png)).width == 2)
    #expect(try ImageFile.info(of: [UInt8](png)).width == 2)
  }

  @Test func orientationOfARawProfileIsApplied() throws {
    let image = Image(width: 3, height: 2, grey: [0, 50, 100, 150, 200, 250])
    let tiff = "49492a0008000000010012010300010000000600000000000000"
    for prefix in ["", "457869660000"] {
      let profile = "\nexif\n      \((prefix + tiff).count / 2)\n\(prefix + tiff)\n"
      let png = try ImageFile.encode(image, as: .png, text: [("Raw profile type exif", profile)])
      #expect(try ImageFile.read([UInt8](png)).width == 2)
    }
    let other = try ImageFile.encode(image, as: .png, text: [("Raw profile type exif", "no profile")])
    #expect(try ImageFile.read([UInt8](other)).width == 3)
  }

  @Test func transparencyIsKeptBesideTheColoursOverWhite() throws {
    for (name, channels) in [("png-kinds/grey-alpha-16", 2), ("png-kinds/rgba-8", 4)] {
      guard FileManager.default.fileExists(atPath: Fixtures.path(name + ".png")) else { continue }
      let image = try ImageFile.read(Fixtures.path(name + ".png"))
      let alpha = try #require(image.alpha, "\(name), \(channels) channels")
      #expect(alpha.count == image.width * image.height && Set(alpha).count > 1)
      #expect(image.alphaPlane?.values.allSatisfy { 0...1 ~= $0 } == true)
    }
    #expect(try ImageFile.read(Fixtures.path("images/cat.png")).alpha == nil)
  }

  /// The sides of a JPEG with another segment behind its beginning.
  private func sides(_ jpeg: [UInt8], segment: [UInt8]) throws -> [Int] {
    let length = segment.count + 2
    let marker: [UInt8] = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)]
    let image = try ImageFile.read(Array(jpeg.prefix(2)) + marker + segment + jpeg.dropFirst(2))
    return [image.width, image.height]
  }
}
