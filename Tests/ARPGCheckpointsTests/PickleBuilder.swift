import ARPGCheckpoints
import ARPGFiles

/// Builds pickles and legacy PyTorch files, right or wrong, byte by byte.
struct PickleBuilder {
  private(set) var bytes: [UInt8] = []

  static let protocol2 = PickleBuilder(bytes: [0x80, 2])

  func code(_ bytes: UInt8...) -> PickleBuilder { PickleBuilder(bytes: self.bytes + bytes) }
  func code(_ text: String) -> PickleBuilder { PickleBuilder(bytes: bytes + text.utf8) }
  func text(_ text: String) -> PickleBuilder {
    PickleBuilder(bytes: bytes + [UInt8(ascii: "X")] + Self.little(UInt32(text.utf8.count)) + text.utf8)
  }
  func global(_ module: String, _ name: String) -> PickleBuilder { code("c\(module)\n\(name)\n") }
  func integer(_ value: Int) -> PickleBuilder { PickleBuilder(bytes: bytes + [0x8a, 8] + Self.little(Int64(value))) }
  func tuple(_ values: [Int]) -> PickleBuilder { values.reduce(code("(")) { $0.integer($1) }.code("t") }

  /// A tensor as PyTorch writes it: a view of the storage "0" of four floats.
  func tensor(shape: [Int], strides: [Int], offset: Int = 0, storage: Int = 4) -> PickleBuilder {
    global("torch._utils", "_rebuild_tensor_v2").code("((").text("storage").global("torch", "FloatStorage").text("0")
      .text("cpu").integer(storage).code("NtQ").integer(offset).tuple(shape).tuple(strides).code(0x89)
      .global("collections", "OrderedDict").code(")RtR")
  }

  /// A legacy file of this value, with one storage of the floats 1, 2, 3, 4.
  var legacyFile: [UInt8] {
    let magic: [UInt8] = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
    let version = Self.protocol2.code(UInt8(ascii: "M"), 0xe9, 3).code(".")
    let facts = Self.protocol2.code("}").text("little_endian").code(0x88).code("s.")
    let keys = Self.protocol2.code("](").text("0").code("e.")
    let floats = [Float(1), 2, 3, 4].flatMap { Self.little($0.bitPattern) }
    return magic + version.bytes + facts.bytes + bytes + [0x2e] + keys.bytes + Self.little(Int64(4)) + floats
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }
}
