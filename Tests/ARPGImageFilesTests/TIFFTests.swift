import ARPGImages
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

struct TIFFTests {
  private func path(_ name: String) -> String { Fixtures.path("tiff-kinds/\(name).tif") }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  private static let names = try? FileManager.default.contentsOfDirectory(atPath: Fixtures.path("tiff-kinds"))
    .filter { $0.hasSuffix(".tif") && $0 != "grey-float-holes.tif" }.map { String($0.dropLast(4)) }.sorted()

  @Test func everyKindIsRead() throws {
    let names = try #require(Self.names)
    #expect(names.count == 40)
    for name in names {
      let image = try ImageFile.read(path(name))
      let expected = try NumpyArray(fixture: "tiff-kinds/\(name).npy")
      #expect([image.height, image.width, 3] == expected.shape, "\(name)")
      // A photograph's conversion from YCbCr may round in another way.
      let most = zip(image.pixels, expected.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 255
      #expect(most <= (name.hasSuffix("jpeg") ? 2 : 0), "\(name) differs by \(most)")
      let hasAlpha = name.hasPrefix("rgba") || name.hasPrefix("grey-alpha")
      #expect((image.alpha != nil) == hasAlpha, "\(name)")
    }
  }

  @Test func deepGreyKeepsItsPrecision() throws {
    for name in try #require(Self.names) {
      let image = try ImageFile.read(path(name))
      let isDeep = ["grey-16", "grey-float", "grey-alpha-16"].contains { name.hasPrefix($0) }
      #expect((image.deepGrey != nil) == isDeep, "\(name)")
      guard isDeep else { continue }
      let expected = try NumpyArray(fixture: "tiff-kinds/\(name).deep.npy").shorts
      let most = zip(image.deepGrey ?? [], expected).map { abs(Int($0) - Int($1)) }.max() ?? 65535
      #expect(most <= (name.contains("float") ? 1 : 0), "\(name) differs by \(most)")
    }
  }

  @Test func floatsThatAreNoNumbersAreMissing() throws {
    let image = try ImageFile.read(path("grey-float-holes"))
    let alpha = try #require(image.alpha), deepGrey = try #require(image.deepGrey)
    #expect(alpha[5 * image.width + 3] == 0 && alpha.last == 0 && alpha[0] == 255)
    // The largest is that in the last column of the sixteenth row.
    #expect(deepGrey[16 * image.width - 1] == 65535 && deepGrey[0] == UInt16((3.0 / 44 * 65535).rounded()))
    #expect(deepGrey.last == 0)
  }

  @Test func theHeaderIsTold() throws {
    let float = try ImageFile.info(of: path("grey-float-big"))
    #expect(float.format == .tiff && float.kind == .grey && float.bitDepth == 32 && !float.isProgressive)
    let turned = try ImageFile.info(of: path("orientation-6"))
    #expect(turned.orientation == 6 && turned.width == 19 && turned.height == 27)
    for (name, kind) in [
      ("palette-8", .palette), ("bilevel-g4", .grey), ("ycbcr-jpeg", .yCbCr), ("cmyk-8-none", .cmyk), ("rgba-8", .rgba),
      ("rgbx-8", .rgb), ("grey-alpha-16", .greyAlpha),
    ] as [(String, ImageFileInfo.Kind)] {
      #expect(try ImageFile.info(of: path(name)).kind == kind, "\(name)")
    }
    #expect(ImageFile.isImage(path("rgb-8-lzw")))
  }

  @Test func severalPagesAreNoted() throws {
    var notes: [String] = []
    _ = try ImageFile.read(path("pages")) { notes.append($0) }
    #expect(notes == ["\(path("pages")): it has several pages, of which the first is used"])
    _ = try ImageFile.read(path("grey-8-little")) { notes.append($0) }
    #expect(notes.count == 1)
  }

  /// The bytes of a page with another value of a tag of two or four bytes.
  private func changed(_ name: String, tag: Int, to value: UInt32) throws -> [UInt8] {
    var bytes = try bytes(name)
    func number(_ place: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) } }
    let directory = number(4, 4)
    let entry = try #require(
      (0..<number(directory, 2)).map { directory + 2 + 12 * $0 }.first { number($0, 2) == tag }, "\(tag)")
    for place in 0..<(number(entry + 2, 2) == 3 ? 2 : 4) {
      bytes[entry + 8 + place] = UInt8(truncatingIfNeeded: value >> UInt32(8 * place))
    }
    return bytes
  }

  private func failure(_ bytes: [UInt8]) throws -> (kind: String, text: String) {
    let error = try #require(throws: ImageFileError.self) { try ImageFile.read(bytes) }
    #expect(!error.description.contains("\n"))
    return (Mirror(reflecting: error).children.first?.label ?? "", error.description)
  }

  @Test func whatIsOverTheLimitsOrNotReadIsRefusedBeforeItIsDecoded() throws {
    for (name, tag, value, kind) in [
      ("grey-8-little", 256, 60000, "tooLarge"), ("grey-8-little", 256, 30000, "truncated"),
      ("grey-8-little", 256, 0, "damaged"), ("grey-8-little", 257, 30000, "truncated"),
      ("grey-8-little", 258, 12, "unsupported"), ("grey-8-little", 258, 64, "unsupported"),
      ("grey-8-little", 259, 50000, "unsupported"), ("grey-8-little", 262, 8, "unsupported"),
      ("grey-8-little", 277, 60000, "unsupported"), ("grey-8-little", 278, 0, "damaged"),
      ("rgb-8-tiles", 322, 1, "damaged"), ("rgb-8-tiles", 323, 60000, "damaged"),
      ("rgb-8-tiles", 322, 65536 - 16, "damaged"), ("grey-float-little", 258, 64, "unsupported"),
      ("grey-float-little", 339, 2, "unsupported"),
    ] as [(String, Int, UInt32, String)] {
      let failure = try failure(changed(name, tag: tag, to: value))
      #expect(failure.kind == kind, "\(name), tag \(tag) as \(value): \(failure.text)")
    }
  }

  @Test(
    arguments: [
      "grey-8-little", "grey-16-tiles-big", "rgb-8-lzw", "rgb-8-planar", "palette-8", "bilevel-g4", "ycbcr-jpeg",
      "grey-float-little", "rgba-8-premultiplied", "pages",
    ])
  func everyTruncationIsRefusedOrChangesNoPixel(name: String) throws {
    let whole = try bytes(name)
    let image = try ImageFile.read(whole)
    for count in 0..<whole.count {
      do {
        #expect(try ImageFile.read(Array(whole.prefix(count))) == image, "\(count) of \(whole.count) bytes")
      } catch let error as ImageFileError {
        #expect(!error.description.contains("\n"))
      }
    }
  }
}
