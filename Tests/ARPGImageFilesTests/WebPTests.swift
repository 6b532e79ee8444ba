import ARPGImages
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

struct WebPTests {
  @Test(arguments: ["lossless", "lossless-alpha", "lossy", "lossy-alpha", "orientation-6"])
  func everyKindIsRead(name: String) throws {
    let image = try ImageFile.read(Fixtures.path("webp-kinds/\(name).webp"))
    let expected = try NumpyArray(fixture: "webp-kinds/\(name).npy")
    #expect([image.height, image.width, 3] == expected.shape)
    #expect(image.pixels == expected.bytes)
    #expect((image.alpha != nil) == name.hasSuffix("alpha"))
  }

  @Test func theHeaderIsTold() throws {
    let info = try ImageFile.info(of: Fixtures.path("webp-kinds/orientation-6.webp"))
    #expect(info.format == .webp && info.kind == .rgb && info.bitDepth == 8 && info.orientation == 6)
    #expect(info.width == 19 && info.height == 27)
    #expect(try ImageFile.info(of: Fixtures.path("webp-kinds/lossy-alpha.webp")).kind == .rgba)
    #expect(try ImageFile.text(of: Fixtures.path("webp-kinds/lossless.webp")).isEmpty)
    #expect(ImageFile.isImage(Fixtures.path("webp-kinds/lossless.webp")))
  }

  @Test func animationsAreRefused() throws {
    let path = Fixtures.path("webp-kinds/animation.webp")
    let error = try #require(throws: ImageFileError.self) { try ImageFile.read(path) }
    #expect(error == .animated(path: path, found: "an animated WebP"))
    #expect(error.description.contains("save one frame"))
  }

  @Test func hugeImagesAreRefusedBeforeTheyAreDecoded() throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("webp-kinds/lossless.webp"))))
    // The sides less one, of 14 bits each, stand behind the first byte of the VP8L chunk.
    bytes.replaceSubrange(21..<24, with: [0xFF, 0xFF, 0xFF])
    bytes[24] |= 0x0F
    let error = try #require(throws: ImageFileError.self) { try ImageFile.read(bytes) }
    #expect(
      error
        == .tooLarge(
          path: "the image", found: "declares 16384 x 16384 pixels",
          expected: "sides of at most 32768 and at most 100000000 pixels"))
  }

  @Test("a written file has its size, about its colours, and its texts, also those with signs of XML")
  func writing() throws {
    var pixels: [UInt8] = []
    for y in 0..<17 { for x in 0..<33 { pixels += [100, UInt8(x * 7), UInt8(y * 15)] } }
    let image = Image(width: 33, height: 17, pixels: pixels)
    let text: [(keyword: String, value: String)] = [
      ("arpg", "{\"a\": \"<&>'é\"}"), ("Software", "A&B"), ("parameters", "mug\nSteps: 4, ünï"),
    ]
    let bytes = [UInt8](try ImageFile.encode(image, as: .webp, text: text, quality: 95))
    let read = try ImageFile.read(bytes)
    #expect(read.width == 33 && read.height == 17)
    var error = 0
    for (found, expected) in zip(read.pixels, pixels) { error += abs(Int(found) - Int(expected)) }
    #expect(error / pixels.count < 8)
    let found = try ImageFile.text(of: bytes)
    #expect(found.map(\.keyword) == text.map(\.keyword) && found.map(\.value) == text.map(\.value))
    #expect(try ImageFile.info(of: bytes).orientation == 1)
    #expect(try ImageFile.text(of: [UInt8](ImageFile.encode(image, as: .webp))).isEmpty)
    for end in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: ImageFileError.self) { try ImageFile.text(of: Array(bytes[..<end])) }
    }
  }

  @Test func tiffIsNotWritten() {
    #expect(throws: ImageFileError.self) {
      try ImageFile.encode(Image(width: 1, height: 1, pixels: [1, 2, 3]), as: .tiff)
    }
  }
}
