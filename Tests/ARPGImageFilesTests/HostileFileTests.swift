import ARPGImages
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

struct HostileFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(name))))
  }

  /// The error that reading throws: one line that begins with the path.
  private func failure(_ path: String, limit: ImageLimits = .default) throws -> ImageFileError {
    let error = try #require(throws: ImageFileError.self) { try ImageFile.read(path, limit: limit) }
    #expect(error.description.hasPrefix(path + ": "))
    #expect(!error.description.contains("\n"))
    return error
  }

  /// The name of the error's case.
  private func kind(of error: ImageFileError) -> String { Mirror(reflecting: error).children.first?.label ?? "" }

  @Test func otherKindsAreNamed() throws {
    let kinds: [(String, [UInt8])] = [
      ("an empty file", []),
      ("a text file", Array("hello\n".utf8)),
      ("a text file", Array("<?xml version=\"1.0\"?><page/>".utf8)),
      ("a .npy array", [0x93] + Array("NUMPY\u{1}\u{0}".utf8)),
      ("a video or another ISO media file", [0, 0, 0, 0x20] + Array("ftypisom".utf8)),
      ("no image of a known kind", [0, 1, 2, 3]),
    ]
    for (name, bytes) in kinds {
      let path = try folder.write(bytes, as: "a.png")
      #expect(try failure(path) == .notAnImage(path: path, found: name))
    }
    #expect("\(ImageFileError.notAnImage(path: "a", found: "a text file"))".contains("JPEG, PNG, WebP or TIFF"))
  }

  @Test func otherFormatsAreNamedWithACommandThatConvertsThem() throws {
    let kinds: [(String, String, [UInt8])] = [
      ("a GIF image", "in.gif[0]", Array("GIF89a\u{1}\u{0}".utf8)),
      ("a BMP image", "in.bmp", Array("BM".utf8) + [UInt8](repeating: 0, count: 52)),
      ("an AVIF image", "in.avif", [0, 0, 0, 0x20] + Array("ftypavif".utf8)),
      ("an AVIF image", "in.avif", [0, 0, 0, 0x20] + Array("ftypmif1\0\0\0\0mif1avif".utf8)),
      ("a HEIC image", "in.heic", [0, 0, 0, 0x20] + Array("ftypheic".utf8)),
      ("a JPEG XL image", "in.jxl", [0xFF, 0x0A, 0, 0]),
      ("a JPEG 2000 image", "in.jp2", [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]),
      ("a Photoshop document", "in.psd[0]", Array("8BPS\0\u{1}".utf8)),
      ("an SVG drawing", "in.svg", Array("<?xml version=\"1.0\"?>\n<svg xmlns=\"\"/>".utf8)),
      ("a PDF document", "in.pdf[0]", Array("%PDF-1.7\n".utf8)),
      ("a BigTIFF image", "in.tif", [0x49, 0x49, 0x2B, 0, 8, 0, 0, 0]),
    ]
    for (name, source, bytes) in kinds {
      let path = try folder.write(bytes, as: "a.png")
      let error = try failure(path)
      #expect(error == .otherFormat(path: path, found: name, source: source))
      #expect(error.description.contains("magick \(source) out.png"))
    }
  }

  @Test func whatIsNotAFileIsNamed() throws {
    #expect(try failure(folder.file("none.png")) == .missing(path: folder.file("none.png")))
    #expect(try failure(folder.path) == .notAFile(path: folder.path, found: "a folder"))
    #expect(try failure("/dev/zero") == .notAFile(path: "/dev/zero", found: "a device or a pipe"))
    #expect(throws: ImageFileError.self) { try ImageFile.info(of: folder.file("none.png")) }
    #expect(throws: ImageFileError.self) { try ImageFile.text(of: folder.file("none.png")) }
  }

  @Test(
    arguments: [
      "jpeg-kinds/ycbcr-420.jpg", "jpeg-kinds/progressive.jpg", "jpeg-kinds/cmyk.jpg", "jpeg-kinds/orientation-5.jpg",
      "png-kinds/rgb-8.png", "png-kinds/palette-4-interlaced.png", "png-kinds/grey-alpha-16.png",
      "webp-kinds/lossless-alpha.webp", "webp-kinds/lossy.webp", "webp-kinds/orientation-6.webp",
    ])
  func everyTruncationIsRefusedOrNoted(name: String) throws {
    let whole = try bytes(name)
    let image = try ImageFile.read(whole)
    for count in 0..<whole.count { try expectTruncation(of: whole, image, to: count) }
  }

  /// Expects that the beginning of a file is refused; or that every pixel is that of the whole file, but those of the rows at the
  /// end that a note tells, an eighth at most.
  private func expectTruncation(of whole: [UInt8], _ expected: Image, to count: Int) throws {
    let path = try folder.write(whole.prefix(count), as: "cut")
    var notes: [String] = []
    guard let image = try? ImageFile.read(path, note: { notes.append($0) }) else {
      let kind = try kind(of: failure(path))
      #expect(kind == "truncated" || count < 12 && kind == "notAnImage", "\(count) of \(whole.count) bytes")
      return
    }
    let info = try ImageFile.info(of: whole)
    #expect(info.format == .jpeg, "\(count) of \(whole.count) bytes")
    let rows = info.orientation >= 5 ? image.width : image.height
    let told = notes.first.flatMap { $0.firstMatch(of: /last ([0-9]+) of/) }.flatMap { Int($0.1) } ?? 0
    let different = stride(from: 0, to: image.pixels.count, by: 3).count { start in
      image.pixels[start..<start + 3] != expected.pixels[start..<start + 3]
    }
    #expect(
      different <= told * image.width * image.height / rows && told * 8 <= rows, "\(count) of \(whole.count) bytes")
    #expect(different == 0 || !notes.isEmpty)
  }

  @Test(arguments: ["images/cat.jpg", "images/cat.crop-128.png"])
  func truncatedPhotographsAreRefusedOrNoted(name: String) throws {
    let whole = try bytes(name)
    let image = try ImageFile.read(whole)
    for part in 1..<40 { try expectTruncation(of: whole, image, to: whole.count * part / 40) }
  }

  @Test(
    arguments: [
      "jpeg-kinds/ycbcr-420.jpg", "jpeg-kinds/progressive.jpg", "jpeg-kinds/ycck.jpg", "jpeg-kinds/orientation-7.jpg",
      "png-kinds/rgb-16-interlaced.png", "png-kinds/palette-8-transparent.png", "png-kinds/grey-1.png",
      "png-kinds/orientation-6.png", "webp-kinds/lossless-alpha.webp", "webp-kinds/lossy-alpha.webp",
      "webp-kinds/animation.webp", "webp-kinds/orientation-6.webp", "tiff-kinds/rgb-8-lzw.tif",
      "tiff-kinds/rgb-8-packbits.tif", "tiff-kinds/rgb-8-planar-tiles.tif", "tiff-kinds/bilevel-g4.tif",
      "tiff-kinds/ycbcr-jpeg.tif", "tiff-kinds/palette-8-lzw.tif", "tiff-kinds/grey-float-big.tif",
      "tiff-kinds/grey-16-tiles-little.tif", "tiff-kinds/rgba-16.tif",
    ])
  func flippedBytesNeverCrash(name: String) throws {
    let whole = try bytes(name)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<400 {
      var broken = whole
      for _ in 0...next(4) { broken[next(broken.count)] = UInt8(next(256)) }
      let path = try folder.write(broken, as: "broken")
      do {
        _ = try ImageFile.read(path, limit: ImageLimits(side: 4096, pixels: 1_000_000))
      } catch let error as ImageFileError {
        #expect(!error.description.contains("\n"))
      }
      _ = try? ImageFile.text(of: path)
      _ = try? ImageFile.info(of: path)
    }
  }

  /// A PNG with correct check sums.
  private func png(width: UInt32, height: UInt32, depth: UInt8 = 8, colourType: UInt8 = 2, pixels: [UInt8]) -> [UInt8] {
    func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
      var sum = UInt32.max
      for byte in Array(type.utf8) + body {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      return bigEndian(UInt32(body.count)) + Array(type.utf8) + body + bigEndian(~sum)
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", bigEndian(width) + bigEndian(height) + [depth, colourType, 0, 0, 0]) + chunk("IDAT", pixels)
      + chunk("IEND", [])
  }

  @Test func hugePNGsAreRefusedBeforeTheyAreDecoded() throws {
    for (width, height) in [(40000, 1), (1, 40000), (20000, 20000), (0x7FFF_FFFF, 0x7FFF_FFFF)] as [(UInt32, UInt32)] {
      let path = try folder.write(png(width: width, height: height, pixels: [0]), as: "a.png")
      #expect(try kind(of: failure(path)) == "tooLarge", "\(width) x \(height)")
    }
    let bomb = try folder.write(png(width: 9000, height: 9000, pixels: [0x78, 0x9C]), as: "a.png")
    #expect(try kind(of: failure(bomb)) == "truncated", "the image cannot be in so few bytes")
    let none = try folder.write(png(width: 0, height: 5, pixels: [0]), as: "a.png")
    #expect(try kind(of: failure(none)) == "damaged", "an image without columns")
    let odd = try folder.write(png(width: 5, height: 5, depth: 4, pixels: [0]), as: "a.png")
    #expect(try kind(of: failure(odd)) == "damaged", "RGB with 4 bits does not exist")
  }

  @Test func hugeJPEGsAreRefusedBeforeTheyAreDecoded() throws {
    for name in ["jpeg-kinds/ycbcr-420.jpg", "jpeg-kinds/progressive.jpg"] {
      var broken = try bytes(name)
      let frame = try #require(
        broken.indices.first { broken[$0] == 0xFF && $0 + 1 < broken.count && [0xC0, 0xC2].contains(broken[$0 + 1]) })
      broken.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
      let path = try folder.write(broken, as: "a.jpg")
      #expect(try kind(of: failure(path)) == "tooLarge", "\(name)")
      broken.replaceSubrange(frame + 5..<frame + 9, with: [0x20, 0x00, 0x20, 0x00])
      _ = try folder.write(broken, as: "a.jpg")
      #expect(try kind(of: failure(path)) == "truncated", "\(name) cannot hold 8192 x 8192")
    }
  }

  @Test func limitsAreTheCallers() throws {
    let path = Fixtures.path("images/cat.crop-128.png")
    for limit in [ImageLimits(side: 127), ImageLimits(pixels: 128 * 128 - 1), ImageLimits(bytes: 1000)] {
      #expect(try kind(of: failure(path, limit: limit)) == "tooLarge", "\(limit)")
    }
    #expect(try ImageFile.read(path, limit: ImageLimits(side: 128, pixels: 128 * 128)).width == 128)
  }

  @Test func anImageInsideAFileOfTheWrongNameIsRead() throws {
    let path = try folder.write(bytes("jpeg-kinds/grey.jpg"), as: "a.txt")
    #expect(try ImageFile.read(path).isGrey)
  }
}
