import ARPGFiles
import Foundation
import TestSupport
import Testing

@Suite("Reading line by line")
struct LineReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lines(_ bytes: [UInt8], maxBytes: Int) throws -> [LineReader.Line] {
    var reader = try LineReader(folder.write(bytes, as: "lines"), maxBytes: maxBytes)
    var lines: [LineReader.Line] = []
    while let line = try reader.next() { lines.append(line) }
    #expect(reader.bytesRead == bytes.count && reader.size == bytes.count)
    #expect(try reader.next() == nil)
    return lines
  }

  @Test("Lines are what lies between line feeds, the last one with or without")
  func plain() throws {
    for (text, expected) in [
      ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nbc\r\n", ["a", "", "bc\r"]),
      ("\n\na", ["", "", "a"]),
    ] {
      #expect(try lines(Array(text.utf8), maxBytes: 8) == expected.map { .bytes(Array($0.utf8)) }, "\(text)")
    }
  }

  @Test("Lines of all lengths around those of the chunks that are read come out whole, or are passed over")
  func lengths() throws {
    var random = SystemRandomNumberGenerator()
    let chunk = 1 << 18
    for maxBytes in [0, 10, chunk - 1, chunk, 3 * chunk] {
      var bytes: [UInt8] = [], expected: [LineReader.Line] = []
      for length in [0, 1, maxBytes, maxBytes + 1, chunk - 2, chunk, 2 * chunk + 1, 4 * chunk, 3] {
        let line = (0..<length).map { _ in UInt8.random(in: 11...255, using: &random) }
        bytes += line + [10]
        expected.append(length > maxBytes ? .tooLong : .bytes(line))
      }
      #expect(try lines(bytes, maxBytes: maxBytes) == expected, "\(maxBytes)")
    }
  }

  @Test("Folders, pipes and what is not there are refused")
  func refusals() throws {
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    for name in ["pipe", "nothing", "."] {
      let error = #expect(throws: FileError.self) { _ = try LineReader(folder.file(name), maxBytes: 8) }
      #expect(error?.description.contains(name) == true)
    }
  }
}
