import ARPGCheckpoints
import ARPGFiles
import TestSupport
import Testing

struct ZipTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let pickle = PickleBuilder.protocol2.code("}").text("w").tensor(shape: [2, 2], strides: [1, 2]).code(
    "s."
  )
  .bytes
  private static let floats = [Float(1), 2, 3, 4].flatMap {
    withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init)
  }
  private static let contents = [("a/data.pkl", pickle), ("a/byteorder", Array("little".utf8)), ("a/data/0", floats)]

  private func open(_ builder: ZipBuilder, _ contents: [(String, [UInt8])] = contents) throws -> Checkpoint {
    try Checkpoint.open(folder.write(builder.file(contents), as: "a.pt"))
  }

  private func reason(_ builder: ZipBuilder = ZipBuilder(), _ contents: [(String, [UInt8])] = contents) throws -> String
  {
    try #require(throws: CheckpointError.self) { try open(builder, contents) }.description
  }

  @Test(arguments: [false, true]) func archivesAreRead(is64: Bool) throws {
    let source = try open(ZipBuilder(is64: is64))
    #expect(try source.tensor(named: "w").values == [1, 3, 2, 4])
  }

  @Test(arguments: [false, true]) func archivesThatLieAreRefused(is64: Bool) throws {
    #expect(try reason(ZipBuilder(is64: is64, extraEntries: 1)).contains("directory"))
    #expect(try reason(ZipBuilder(is64: is64, extraEntries: 60_000)).contains("directory of"))
    #expect(try reason(ZipBuilder(is64: is64, extraBytes: 1 << 20)).contains("inside the file"))
    #expect(try reason(ZipBuilder(is64: is64, method: 8)).contains("compressed"))
    if is64 {
      #expect(try reason(ZipBuilder(is64: true, extraEntries: 1 << 60)).contains("directory of"))
      #expect(try reason(ZipBuilder(is64: true, extraBytes: 1 << 62)).contains("inside the file"))
    }
  }

  @Test func archivesOfOtherPartsAreRefused() throws {
    let (pickle, order, floats) = (Self.contents[0], Self.contents[1], Self.contents[2])
    #expect(try reason(ZipBuilder(), [pickle, order]).contains("no storage 0"))
    #expect(try reason(ZipBuilder(), [pickle, order, ("a/data/0", [1, 2])]).contains("2 bytes for storage 0"))
    #expect(try reason(ZipBuilder(), [order, floats]).contains("0 files data.pkl"))
    #expect(try reason(ZipBuilder(), [pickle, ("b/data.pkl", []), floats]).contains("2 files data.pkl"))
    #expect(try reason(ZipBuilder(), [pickle, pickle, floats]).contains("two files"))
    #expect(try reason(ZipBuilder(), [pickle, ("a/byteorder", Array("big".utf8)), floats]).contains("byte order"))
    #expect(try reason(ZipBuilder(), [("a/data.pkl", []), floats]).contains("the end at byte 0 of its pickle"))
  }
}
