import ARPGCheckpoints
import Foundation
import TestSupport
import Testing

struct NPYMapTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ type: String, _ shape: String, _ values: [UInt8]) throws -> String {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
    return try folder.write(
      [0x93] + Array("NUMPY\u{1}\0".utf8) + [UInt8(header.utf8.count), 0] + Array(header.utf8) + values, as: "map.npy")
  }

  private func bytes<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] { values.withUnsafeBytes(Array.init) }

  @Test(arguments: ["(2, 3)", "(1, 2, 3)", "(2, 3, 1)"]) func mapsOfEachShapeAreRead(shape: String) throws {
    let floats: [Float] = [0, 1, 2, 3, 4, 5]
    for (type, values) in [
      ("<f4", bytes(floats)), ("<f8", bytes(floats.map(Double.init))), ("<u2", bytes(floats.map { UInt16($0) })),
      ("<i8", bytes(floats.map { Int64($0) })), ("|u1", bytes(floats.map { UInt8($0) })),
      ("<f2", bytes([0, 0x3C00, 0x4000, 0x4200, 0x4400, 0x4500] as [UInt16])),
    ] {
      let map = try #require(try NPYMap(contentsOf: file(type, shape, values)))
      #expect(map.width == 3 && map.height == 2 && map.values == floats, "\(type)")
    }
  }

  @Test(arguments: ["(6,)", "(2, 3, 1, 1)", "(3, 2, 1, 1)", "(6, 0)", "()"]) func otherShapesAreRefused(shape: String)
    throws
  {
    let count = shape == "()" ? 1 : shape == "(6, 0)" ? 0 : 6
    let path = try file("|u1", shape, [UInt8](repeating: 1, count: count))
    let error = try #require(throws: NPYError.self) { try NPYMap(contentsOf: path) }
    #expect(error.description.hasPrefix(path) && error.description.contains("[rows, columns]"))
  }

  @Test func otherTypesAndFilesAreRefused() throws {
    let path = try file("<c8", "(1, 1)", [UInt8](repeating: 0, count: 8))
    #expect(throws: NPYError.self) { try NPYMap(contentsOf: path) }
    let cut = try file("<f4", "(2, 3)", [0, 0])
    #expect(throws: NPYError.self) { try NPYMap(contentsOf: cut) }
    #expect(try NPYMap(contentsOf: folder.write("no array".utf8, as: "a.png")).map(\.width) == nil)
    #expect(try NPYMap(contentsOf: folder.file("none.npy")).map(\.width) == nil)
  }
}
