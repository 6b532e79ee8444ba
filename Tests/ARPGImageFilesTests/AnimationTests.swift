import ARPGFiles
import ARPGImageFiles
import ARPGImages
import Foundation
import TestSupport
import Testing

struct AnimationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An image of noise, or of few colours, that differs from number to number.
  private func image(_ number: Int, width: Int = 31, height: Int = 17, colours: Int = 256) -> Image {
    var state = UInt64(number + 1)
    let pixels = (0..<width * height * 3).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(Int(state >> 33) % colours * 255 / max(1, colours - 1))
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
  }

  private func write(_ images: [Image], to name: String, text: [(keyword: String, value: String)] = []) throws {
    let file = try AnimationFile(folder.file(name))
    for (index, image) in images.enumerated() {
      try file.append(image, seconds: index == images.count - 1 ? 2 : 0.08)
    }
    try file.finish(text: text)
  }

  /// The chunks of a PNG file; their checksums are libpng's, which is asked when a frame is read.
  private func chunks(_ bytes: [UInt8]) throws -> [(type: String, content: [UInt8])] {
    let reader = ByteReader(bytes, isBigEndian: true)
    var position = 8
    var chunks: [(type: String, content: [UInt8])] = []
    while position < bytes.count {
      let length = try #require(reader.long(position))
      try #require(position + 12 + length <= bytes.count)
      let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      #expect(reader.long(position + 8 + length) == Int(checksum(bytes[position + 4..<position + 8 + length])))
      chunks.append((type, Array(bytes[position + 8..<position + 8 + length])))
      position += 12 + length
    }
    return chunks
  }

  /// The CRC of PNG's appendix D, a bit at a time.
  private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
    }
  }

  /// A PNG file of a frame's compressed pixels alone.
  private func still(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) } }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + [("IHDR", header), ("IDAT", data), ("IEND", [])].flatMap { type, content in
        let named = Array(type.utf8) + content
        return number(UInt32(content.count)) + named + number(checksum(named[...]))
      }
  }

  @Test func everyFrameOfAnAnimatedPNGIsThere() throws {
    // Grey frames too: all have the colours of the header.
    let images = [image(0), Image(width: 31, height: 17, grey: Array(repeating: 7, count: 31 * 17)), image(2)]
    try write(images, to: "a.png", text: [("arpg", "ein Bär")])
    #expect(try folder.contents == ["a.png"])
    let all = try chunks(bytes("a.png"))
    #expect(
      all.map(\.type) == ["IHDR", "acTL", "iTXt", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"])
    #expect(all[1].content == [0, 0, 0, 3, 0, 0, 0, 0])
    let sequence = all.filter { ["fcTL", "fdAT"].contains($0.type) }.map { $0.content.prefix(4) }
    #expect(sequence.map(Array.init) == (0..<6).map { [0, 0, 0, $0] })
    for (index, expected) in images.enumerated() {
      let delay: UInt8 = index == 2 ? 200 : 8
      let expectedControl = [0, 0, 0, 31, 0, 0, 0, 17] + [UInt8](repeating: 0, count: 9) + [delay, 0, 100, 0, 0]
      #expect(Array(all[4 + 2 * index].content.dropFirst(4)) == expectedControl)
      let frame = try ImageFile.read(still(all[0].content, Array(all[5 + 2 * index].content.dropFirst(4))))
      #expect(frame == expected)
    }
  }

  @Test func otherProgramsSeeTheLastFrameAndTheText() throws {
    try write([image(0), image(1)], to: "a.png", text: [("arpg", "two frames")])
    #expect(try ImageFile.read(folder.file("a.png")) == image(1))
    #expect(try ImageFile.text(of: folder.file("a.png")).map(\.value) == ["two frames"])
    #expect(try ImageFile.info(of: folder.file("a.png")).width == 31)
  }

  @Test func largeFramesAreDividedIntoChunksThatReadersTake() throws {
    let large = image(0, width: 1400, height: 1100)
    try write([large], to: "a.png")
    let all = try chunks(bytes("a.png"))
    #expect(all.count { $0.type == "fdAT" } == 5)
    let data = all.filter { $0.type == "fdAT" }.flatMap { $0.content.dropFirst(4) }
    #expect(try ImageFile.read(still(all[0].content, data)) == large)
    #expect(try ImageFile.read(folder.file("a.png")) == large)
  }

  @Test(arguments: [2, 6]) func aGIFOfFewColoursIsExact(levels: Int) throws {
    let images = (0..<3).map { image($0, colours: levels) }
    try write(images, to: "a.gif")
    let decoded = try GIFDecoder(bytes("a.gif"))
    #expect(decoded.frames.map(\.image) == images && decoded.isRepeated)
    #expect(decoded.frames.map(\.hundredths) == [8, 8, 200])
    #expect(try folder.contents == ["a.gif"])
  }

  @Test func aGIFOfAPhotographIsNear() throws {
    let photograph = try ImageFile.read(Fixtures.path("images/cat.crop-128.png"))
    try write([photograph], to: "a.gif")
    let frame = try #require(GIFDecoder(bytes("a.gif")).frames.first).image
    let error = zip(frame.pixels, photograph.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(Double(error) / Double(frame.pixels.count) < 4)
  }

  @Test(arguments: [(1, 1), (2, 1), (255, 1), (1, 256), (64, 64), (67, 61), (300, 200)])
  func everyLengthIsCompressed(width: Int, height: Int) throws {
    for levels in [1, 2, 4] {
      let frame = image(width, width: width, height: height, colours: levels)
      try write([frame], to: "a.gif")
      #expect(try GIFDecoder(bytes("a.gif")).frames.first?.image == frame, "\(levels) levels")
    }
  }

  @Test func aFolderHasNumberedFrames() throws {
    let images = (0..<11).map { image($0) }
    for name in ["new/", "there"] {
      if name == "there" { try Folder.make(folder.file(name)) }
      try write(images, to: name, text: [("arpg", "frames")])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(name)).sorted()
      #expect(names == (1...11).map { "frame-\($0 < 10 ? "0" : "")\($0).png" })
      for (name, expected) in zip(names.map { "\(name)/\($0)" }, images) {
        #expect(try ImageFile.read(folder.file(name)) == expected)
      }
      #expect(try ImageFile.text(of: folder.file("\(name)/frame-11.png")).map(\.value) == ["frames"])
      #expect(throws: ImageFileError.self) { try AnimationFile.requireWritable(folder.file(name)) }
    }
    #expect(try folder.contents == ["new", "there"])
  }

  @Test(arguments: ["a.png", "a.gif", "frames/"]) func withoutAnEndNothingIsThere(name: String) throws {
    do {
      let file = try AnimationFile(folder.file(name))
      try file.append(image(0), seconds: 1)
      try file.append(image(1), seconds: 1)
    }
    #expect(try folder.contents.isEmpty)
  }

  @Test func anExistingFileIsReplaced() throws {
    for name in ["a.png", "a.gif"] {
      _ = try folder.write("old".utf8, as: name)
      try write([image(0)], to: name)
      #expect(try bytes(name).count > 100)
    }
  }

  @Test func whatCannotBeWrittenIsToldBefore() throws {
    let file = try folder.write("a file".utf8, as: "file")
    for path in [
      folder.file("a.jpg"), folder.file("a"), folder.file("nowhere/a.png"), folder.file("nowhere/frames/"), "\(file)/",
      file, "\(file)/a.gif", "/proc/frames/", "",
    ] {
      #expect(throws: ImageFileError.self, "\(path)") { try AnimationFile.requireWritable(path) }
    }
    let wide = Image(width: 65536, height: 1, grey: Array(repeating: 0, count: 65536))
    let gif = try AnimationFile(folder.file("wide.gif"))
    #expect(throws: ImageFileError.self) { try gif.append(wide, seconds: 1) }
    let png = try AnimationFile(folder.file("text.png"))
    try png.append(image(0), seconds: -1)
    #expect(throws: ImageFileError.self) { try png.finish(text: [("", "x")]) }
    #expect(try folder.contents == ["file"])
  }
}
