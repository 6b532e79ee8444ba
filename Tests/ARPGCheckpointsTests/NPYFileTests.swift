import ARPGCheckpoints
import ARPGFiles
import Foundation
import TestSupport
import Testing

struct NPYFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func file(_ header: String, version: UInt8 = 1, values: [UInt8] = []) throws -> String {
    let length: [UInt8] =
      version == 1
      ? withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian, Array.init)
      : withUnsafeBytes(of: UInt32(header.utf8.count).littleEndian, Array.init)
    return try folder.write([0x93] + "NUMPY".utf8 + [version, 0] + length + header.utf8 + values, as: "a.npy")
  }

  @Test(arguments: [
    ([2, 3], [1, -2, 3, 4, 5, 1 << 30]), ([1, 2, 2], [1, 2, 3, 4]), ([3], [7, 8, 9]), ([], [5]), ([0, 4], []),
  ])
  func whatIsWrittenIsRead(shape: [Int], values: [Int]) throws {
    let array = NPYFile(shape: shape, values: values)
    for width in [NPYFile.Width.int32, .int64] {
      let path = folder.file("\(width).npy")
      try array.write(to: path, as: width)
      #expect(try NPYFile(contentsOf: path) == array)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect((bytes.count - values.count * (width == .int32 ? 4 : 8)) % 64 == 0)
    }
  }

  @Test func wideValuesNeedTheirWidth() throws {
    let array = NPYFile(shape: [1], values: [1 << 31])
    #expect(throws: NPYError.self) { try array.write(to: folder.file("a.npy"), as: .int32) }
    #expect(try folder.contents.isEmpty)
  }

  @Test func arraysOfNumPyAreRead() throws {
    let array = try NPYFile(contentsOf: Fixtures.path("images/cat.jpg.npy"))
    #expect(array.shape.count == 3)
    #expect(array.shape.last == 3)
    #expect(array.values.allSatisfy { 0...255 ~= $0 })
  }

  @Test(arguments: [
    ("<i2", [-2, 513]), ("|i1", [-2, -1, 1, 2]), ("|u1", [254, 255, 1, 2]), ("<u2", [65534, 513]),
    ("<u4", [0x0201_fffe]),
    ("<i4", [0x0201_fffe]),
  ])
  func everyIntegerTypeIsRead(type: String, expected: [Int]) throws {
    for version in UInt8(1)...3 {
      let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(expected.count),), }\n"
      let array = try NPYFile(contentsOf: file(header, version: version, values: [0xfe, 0xff, 1, 2]))
      #expect(array.values == expected)
      #expect(array.shape == [expected.count])
    }
  }

  @Test(arguments: [
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "integers"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "integers"),
    ("{'descr': '>i4', 'fortran_order': False, 'shape': (1,), }", "little-endian"),
    ("{'descr': '<i4', 'fortran_order': True, 'shape': (1,), }", "ascontiguousarray"),
    ("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", "4 bytes of values"),
    ("{'descr': '<i4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "4 bytes of values"),
    ("{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "dictionary"),
    ("{'descr': '<i4', 'fortran_order': False, 'shape': (-1,), }", "dictionary"),
    ("{'descr': '<i4', 'fortran_order': False}", "no fortran_order or shape"),
    ("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", "dictionary"),
    ("{'descr': '<i4', 'fortran_order': False, 'shape': (1", "dictionary"), ("{'descr': '<i4", "dictionary"),
    ("__import__('os').system('true')", "dictionary"), ("", "dictionary"),
  ])
  func hostileHeadersAreRefused(header: String, reason: String) throws {
    let path = try file(header, values: [1, 2, 3, 4])
    let error = try #require(throws: NPYError.self) { try NPYFile(contentsOf: path) }
    #expect(error.description.hasPrefix(path + ": "))
    #expect(error.description.contains(reason), "\(error)")
  }

  @Test func otherFilesAreRefused() throws {
    for bytes in [[], [0x93], Array("PK\u{3}\u{4}rest".utf8), [0x93] + Array("NUMPY".utf8) + [1, 0, 255, 255, 1]] {
      let path = try folder.write(bytes, as: "b.npy")
      #expect(throws: NPYError.self) { try NPYFile(contentsOf: path) }
    }
  }
}
