import ARPGFiles
import Foundation
import TestSupport
import Testing

struct AtomicFileTests {
  private struct Failure: Error {}
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func aFileAppearsWhole() throws {
    let block = Array(repeating: UInt8(ascii: "x"), count: 3 << 20)
    try AtomicFile.write(to: folder.file("a")) { file in
      try file.append("head".utf8)
      try block.withUnsafeBytes { try file.append($0) }
      try file.append("tail".utf8)
    }
    #expect(try text("a") == "head" + String(repeating: "x", count: 3 << 20) + "tail")
    try AtomicFile.write("new".utf8, to: folder.file("a"))
    #expect(try text("a") == "new")
    #expect(try folder.contents == ["a"])
  }

  @Test func aFailureLeavesWhatWasThere() throws {
    #expect(throws: Failure.self) {
      try AtomicFile.write(to: folder.file("a")) { file in
        try file.append(repeatElement(0, count: 2 << 20))
        throw Failure()
      }
    }
    #expect(try folder.contents.isEmpty)
    let path = folder.file("none/a")
    let error = try #require(throws: FileError.self) { try AtomicFile.write("a".utf8, to: path) }
    #expect(error.description.hasPrefix("\(path): cannot be written: No such file"))
    #expect(throws: FileError.unwritable(path: folder.path, reason: "it is a folder")) {
      try AtomicFile.write("a".utf8, to: folder.path)
    }
  }

  @Test func linksAreFollowedAndDevicesKept() throws {
    try AtomicFile.write("old".utf8, to: folder.file("target"))
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "target")
    try AtomicFile.write("new".utf8, to: folder.file("link"))
    #expect(try text("target") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "target")
    try AtomicFile.write("nothing".utf8, to: "/dev/null")
    #expect(
      try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        == .typeCharacterSpecial)
  }

  @Test func onlyRegularFilesAreMapped() throws {
    #expect(throws: FileError.self) { try MappedFile("/dev/zero") }
    let path = try folder.write("12345".utf8, as: "a")
    #expect(throws: FileError.tooLarge(path: path, bytes: 5, maxBytes: 4)) { try MappedFile(path, maxBytes: 4) }
    let empty = try MappedFile(folder.write([], as: "b"))
    #expect(empty.withBytes { $0.isEmpty })
  }
}

@Suite("Mapped files")
struct MappedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A file that takes the place of another leaves what is mapped as it was; what is forgotten is read again")
  func replacing() throws {
    let path = try folder.write("12345".utf8, as: "a")
    let one = try MappedFile(path)
    try AtomicFile.write("67890".utf8, to: path)
    let replaced = try MappedFile(path)
    for file in [one, replaced] { file.forget() }
    #expect(one.withBytes { Array($0) } == Array("12345".utf8))
    #expect(replaced.withBytes { Array($0) } == Array("67890".utf8))
  }

  @Test("Many threads that open and close a file")
  func threads() async throws {
    let path = try folder.write("12345".utf8, as: "a")
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask {
          (0..<200).allSatisfy { _ in (try? MappedFile(path))?.withBytes { Array($0) } == Array("12345".utf8) }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
