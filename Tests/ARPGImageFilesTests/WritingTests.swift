import ARPGImages
import ARPGImageFiles
import Foundation
import TestSupport
import Testing

struct WritingTests {
  private let folder: TemporaryFolder
  private let photograph: Image

  init() throws {
    folder = try TemporaryFolder()
    photograph = try ImageFile.read(Fixtures.path("images/cat.crop-128.png"))
  }

  @Test func pngKeepsEveryPixel() throws {
    try ImageFile.write(photograph, to: folder.file("a.PNG"))
    #expect(try ImageFile.read(folder.file("a.PNG")) == photograph)
    #expect(try ImageFile.info(of: folder.file("a.PNG")).kind == .rgb)
    #expect(try folder.contents == ["a.PNG"])
  }

  @Test func greyIsWrittenAsGrey() throws {
    let grey = Image(width: 3, height: 2, grey: [0, 50, 100, 150, 200, 255])
    for name in ["a.png", "a.jpg"] {
      try ImageFile.write(grey, to: folder.file(name), quality: 100)
      #expect(try ImageFile.info(of: folder.file(name)).kind == .grey)
    }
    #expect(try ImageFile.read(folder.file("a.png")) == grey)
  }

  @Test func deepGreyKeepsItsPrecision() throws {
    let deep: [UInt16] = [0, 1, 128, 129, 40000, 65535]
    let image = Image(
      width: 3, height: 2,
      pixels: deep.flatMap { [UInt8](repeating: UInt8((Int($0) * 255 + 32767) / 65535), count: 3) },
      deepGrey: deep)
    try ImageFile.write(image, to: folder.file("a.png"))
    #expect(try ImageFile.read(folder.file("a.png")) == image)
    #expect(try ImageFile.info(of: folder.file("a.png")).bitDepth == 16)
  }

  @Test func qualityCountsInJPEG() throws {
    func error(_ quality: Int) throws -> Double {
      try ImageFile.write(photograph, to: folder.file("\(quality).jpg"), quality: quality)
      let read = try ImageFile.read(folder.file("\(quality).jpg"))
      #expect(read.width == photograph.width && read.height == photograph.height)
      let squares = zip(read.pixels, photograph.pixels).map { (Double($0) - Double($1)) * (Double($0) - Double($1)) }
      return squares.reduce(0, +) / Double(squares.count)
    }
    let (good, poor) = (try error(98), try error(20))
    #expect(good < 6 && poor > 4 * good, "\(good) and \(poor)")
  }

  @Test(arguments: ["a.png", "a.jpeg"])
  func textComesBack(name: String) throws {
    let text = [
      ("prompt", "a mug, class 3"), ("note", "größer als 東京: 🎨\nsecond line"),
      ("empty", ""),
    ].map { (keyword: $0.0, value: $0.1) }
    try ImageFile.write(photograph, to: folder.file(name), text: text)
    let read = try ImageFile.text(of: folder.file(name))
    #expect(read.map(\.keyword) == text.map(\.keyword))
    #expect(read.map(\.value) == text.map(\.value))
  }

  @Test func imagesWithoutTextHaveNone() throws {
    #expect(try ImageFile.text(of: Fixtures.path("images/cat.crop-128.png")).isEmpty)
    #expect(try ImageFile.text(of: Fixtures.path("images/cat.jpg")).isEmpty)
  }

  @Test func textThatDoesNotFitIsRefused() throws {
    let refused: [(String, String, String)] = [
      ("a.png", "", "x"), ("a.png", String(repeating: "k", count: 80), "x"), ("a.png", "größe", "x"),
      ("a.png", "k", "a\0b"), ("a.jpg", "k", String(repeating: "v", count: 65533)), ("a.jpg", "a: b", "x"),
    ]
    for (name, keyword, value) in refused {
      #expect(throws: ImageFileError.self) {
        try ImageFile.write(photograph, to: folder.file(name), text: [(keyword, value)])
      }
    }
    #expect(try folder.contents.isEmpty)
  }

  @Test func onlyKnownNamesAreWritten() throws {
    #expect(throws: ImageFileError.unknownExtension(path: folder.file("a.bmp"), found: ".bmp")) {
      try ImageFile.write(photograph, to: folder.file("a.bmp"))
    }
    #expect(throws: ImageFileError.unknownExtension(path: folder.file("a"), found: "no extension")) {
      try ImageFile.write(photograph, to: folder.file("a"))
    }
    #expect(try folder.contents.isEmpty)
  }

  @Test func aFailedWriteLeavesNothing() throws {
    try FileManager.default.createDirectory(atPath: folder.file("taken.png"), withIntermediateDirectories: false)
    for name in ["taken.png", "nowhere/a.png"] {
      #expect(throws: ImageFileError.self) { try ImageFile.write(photograph, to: folder.file(name)) }
    }
    #expect(try folder.contents == ["taken.png"])
  }

  @Test func anExistingFileIsReplaced() throws {
    let path = try folder.write("not an image".utf8, as: "a.png")
    try ImageFile.write(photograph, to: path)
    #expect(try ImageFile.read(path) == photograph)
    #expect(try folder.contents == ["a.png"])
  }

  @Test(arguments: [ImageFileInfo.Format.png, .jpeg]) func bytesInMemoryAreThoseOfAFile(format: ImageFileInfo.Format)
    throws
  {
    let image = try ImageFile.read(Fixtures.path("images/cat.png"))
    let entries = [("arpg", "ein Bär")], path = folder.file(format == .png ? "a.png" : "a.jpg")
    let bytes = [UInt8](try ImageFile.encode(image, as: format, text: entries))
    try ImageFile.write(image, to: path, text: entries)
    #expect(bytes == [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    #expect(try ImageFile.read(bytes) == ImageFile.read(path))
    let info = try ImageFile.info(of: bytes)
    #expect(info.format == format && info.width == image.width && info.height == image.height)
    #expect(try ImageFile.text(of: bytes).map(\.value) == ["ein Bär"])
  }

  @Test func brokenBytesInMemoryAreRefused() throws {
    let image = Image(width: 2, height: 2, grey: [1, 2, 3, 4])
    let bytes = [UInt8](try ImageFile.encode(image, as: .png))
    #expect(throws: ImageFileError.self) { try ImageFile.read(Array(bytes.dropLast(20)), named: "upload") }
    let error = #expect(throws: ImageFileError.self) { try ImageFile.read(Array("hello".utf8), named: "upload") }
    #expect(error?.description.hasPrefix("upload: ") == true)
    #expect(throws: ImageFileError.self) { try ImageFile.read(bytes, limit: ImageLimits(bytes: 10)) }
    #expect(throws: ImageFileError.self) { try ImageFile.encode(image, as: .png, text: [("", "x")]) }
  }
}
