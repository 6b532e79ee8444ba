import ARPGCheckpoints
import ARPGFiles
import ARPGTensor
import Foundation
import TestSupport
import Testing

struct SafetensorsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func whatIsWrittenIsRead() throws {
    let values: [Float] = [1, -2.5, 3e-7, 65504, 1.00048828125, .leastNonzeroMagnitude]
    var writer = SafetensorsWriter(metadata: ["note": "\"quoted\" \\ \n\t\u{1} é 🖼", "format": "pt"])
    writer.add("odd.half", Tensor(shape: [3], values: [1, 2, 3]), as: .float16)
    writer.add("odd.brain", Tensor(shape: [1], values: [-7]), as: .bfloat16)
    writer.add("float", Tensor(shape: [2, 3], values: values))
    writer.add("whole \"numbers\"", integers: [1, -2, .max, .min], shape: [2, 2])
    writer.add("later", shape: [2]) { Tensor(shape: [2], values: [8, 9]) }
    writer.add("empty", Tensor(shape: [0, 4], values: []))
    writer.add("scalar", Tensor(shape: [], values: [4]))
    let path = folder.file("w.safetensors")
    try writer.write(to: path)
    let source = try Checkpoint.open(path)
    #expect(source.metadata == writer.metadata)
    #expect(source.names == ["empty", "float", "later", "odd.brain", "odd.half", "scalar", "whole \"numbers\""])
    #expect(try source.tensor(named: "float").values == values)
    #expect(source.shape(of: "float") == [2, 3])
    #expect(try source.tensor(named: "odd.half").values == [1, 2, 3])
    #expect(source.scalarType(of: "odd.half") == .float16)
    #expect(try source.tensor(named: "odd.brain").values == [-7])
    #expect(source.scalarType(of: "odd.brain") == .bfloat16)
    #expect(try source.integers(named: "whole \"numbers\"") == [1, -2, .max, .min])
    #expect(try source.tensor(named: "later").values == [8, 9])
    #expect(source.shape(of: "empty") == [0, 4])
    #expect(try source.tensor(named: "scalar").scalar == 4)
    #expect(try folder.contents == ["w.safetensors"])
  }

  @Test func aFailureKeepsTheFileOfBefore() throws {
    struct Failure: Error {}
    let path = try folder.write("before".utf8, as: "w.safetensors")
    var writer = SafetensorsWriter()
    writer.add("a", Tensor(shape: [1 << 19], repeating: 1))
    writer.add("b", shape: [1]) { throw Failure() }
    #expect(throws: Failure.self) { try writer.write(to: path) }
    var large = SafetensorsWriter()
    large.add("a", Tensor(shape: [1], values: [70_000]), as: .float16)
    #expect(throws: CheckpointError.self) { try large.write(to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
    #expect(try folder.contents == ["w.safetensors"])
  }

  private func reason(_ header: String, body: Int = 8) throws -> String {
    let bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8
    let path = try folder.write(bytes + Array(repeating: 0, count: body), as: "w.safetensors")
    return try #require(throws: CheckpointError.self) { try Checkpoint.open(path) }.description
  }

  private static func entry(_ name: String, _ begin: Int, _ end: Int, shape: String? = nil) -> String {
    "\"\(name)\":{\"dtype\":\"U8\",\"shape\":\(shape ?? "[\(end - begin)]"),\"data_offsets\":[\(begin),\(end)]}"
  }

  @Test func headersAreChecked() throws {
    let entry = Self.entry
    #expect(try reason("{\(entry("a", 0, 8, nil)),\(entry("a", 8, 8, nil))}").contains("two tensors a"))
    #expect(try reason("{\(entry("a", 0, 5, nil)),\(entry("b", 4, 8, nil))}").contains("overlap"))
    #expect(try reason("{\(entry("a", 0, 3, nil)),\(entry("b", 4, 8, nil))}").contains("gaps"))
    #expect(try reason("{\(entry("a", 1, 8, nil))}").contains("gaps"))
    #expect(try reason("{\(entry("a", 0, 7, nil))}").contains("8 bytes of values"))
    #expect(try reason("{\(entry("a", 0, 8, "[8.0]"))}").contains("expected ']'"))
    #expect(try reason("{\(entry("a", 0, 8, "[99999999999999999999]"))}").contains("below 2^63"))
    #expect(try reason("{\(entry("a", 0, 8, "[\"8\"]"))}").contains("whole number"))
    #expect(try reason("{\(entry("a", 0, 8, "[4611686018427387904,4,0]"))}").contains("8 bytes for a"))
    #expect(try reason("{\(entry("a", 0, 8, nil))").contains("expected '}'"))
    #expect(try reason("{\(entry("a", 0, 8, nil))} {").contains("its end"))
    #expect(try reason("{\"a\":{\"dtype\":\"U8\"}}").contains("without"))
    #expect(try reason("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}").contains("each once"))
    #expect(try reason("{\"__metadata__\":{\"a\":1}}").contains("'\"'"))
    #expect(try reason("{\"\\ud800\":1}").contains("surrogate"))
    #expect(try reason("{\"a\u{1}\":1}").contains("control"))
    let nested = String(repeating: "[", count: 1 << 20)
    #expect(try reason("{\"a\":{\"shape\":\(nested)").contains("whole number"))
  }

  @Test func namesMayBeEscaped() throws {
    let header = "{\"\\u00e9\\ud83d\\uDE00\\n\\/\":{\"dtype\":\"I16\",\"shape\":[1],\"data_offsets\":[0,2]}}  "
    let bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8 + [0xfe, 0xff]
    let source = try Checkpoint.open(folder.write(bytes, as: "w.safetensors"))
    #expect(source.names == ["é😀\n/"])
    #expect(try source.integers(named: "é😀\n/") == [-2])
    #expect(try source.tensor(named: "é😀\n/").values == [-2])
  }
}
