import ARPG
import ARPGDecoder
import ARPGCheckpoints
import ARPGFiles
import ARPGTensor
import Foundation
import TestSupport
import Testing

struct CheckpointTests {
  /// Whether two checkpoints hold the same tensors, bit for bit.
  private static func expectEqual(_ found: Checkpoint, _ expected: Checkpoint) throws {
    #expect(found.names == expected.names)
    for name in expected.names {
      #expect(found.shape(of: name) == expected.shape(of: name), "\(name)")
      #expect(found.scalarType(of: name) == expected.scalarType(of: name), "\(name)")
      let (left, right) = (try found.tensor(named: name), try expected.tensor(named: name))
      #expect(left.shape == right.shape)
      #expect(left.values.map(\.bitPattern) == right.values.map(\.bitPattern), "\(name)")
    }
  }

  @Test(arguments: [
    ("plain", "expected", Checkpoint.Format.pytorch), ("ddp", "expected", .pytorch),
    ("deepspeed", "expected", .pytorch),
    ("state_dict", "expected", .pytorch), ("compiled", "expected", .pytorch), ("views", "expected", .pytorch),
    ("bf16", "expected-bf16", .pytorch), ("f16", "expected-f16", .pytorch), ("legacy", "expected", .pytorchLegacy),
  ])
  func pytorchFilesHoldTheTensors(name: String, expected: String, format: Checkpoint.Format) throws {
    let found = try Checkpoint.open(Fixtures.path("checkpoints/\(name).pt"))
    #expect(found.format == format)
    let reference = try Checkpoint.open(Fixtures.path("checkpoints/\(expected).safetensors"))
    #expect(reference.format == .safetensors)
    #expect(reference.names.count == 22)
    try Self.expectEqual(found, reference)
  }

  @Test func aCheckpointLoadsAsTheDecoder() throws {
    let source = try Checkpoint.open(Fixtures.path("checkpoints/ddp.pt"), preferringEMA: true)
    let configuration = try TwoPassDecoder.configuration(of: source, DecoderHints(heads: 2, grid: 4))
    #expect(
      configuration
        == TwoPassConfiguration(dim: 16, layers: 2, heads: 2, vocab: 64, classes: 4, tokens: 16))
    _ = try TwoPassDecoder.load(configuration, from: source)
  }

  @Test(arguments: [
    ("empty.safetensors", "empty"), ("short-header.safetensors", "in a file of 20"),
    ("truncated-body.safetensors", "bytes of values"),
    ("huge-header.safetensors", "header of 4611686018427387904 bytes"),
    ("not-json.safetensors", "expected '{'"), ("offset-past-end.safetensors", "up to the end of head.weight"),
    ("reversed-offsets.safetensors", "data_offsets [400, 0] of head.weight"),
    ("shape-mismatch.safetensors", "values of the shape [1, 1]"),
    ("overflowing-shape.safetensors", "values of the shape [1099511627776, 1099511627776]"),
    ("negative-shape.safetensors", "values of the shape [-1, 16]"), ("unknown-dtype.safetensors", "unknown type Q7"),
    ("truncated.pt", "no directory at its end"), ("not-a-checkpoint.pt", "not a PyTorch checkpoint"),
    ("pickle-list.pt", "magic number"), ("executes-code.pt", "posix.system"),
  ])
  func brokenFilesAreRefusedAtOpening(name: String, reason: String) throws {
    let path = Fixtures.path("checkpoints/bad/\(name)")
    let error = try #require(throws: CheckpointError.self) { try Checkpoint.open(path) }
    #expect(error.description.hasPrefix(path + ": "))
    #expect(error.description.contains(reason), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  @Test(arguments: [
    ("missing-tensor", "norm.weight [16] is missing"),
    ("wrong-shape", "norm.weight has the shape [15], expected [16]"),
    ("has-nan", "the tensor norm.weight has a value that is not finite"),
  ])
  func unusableTensorsAreRefusedAtLoading(name: String, reason: String) throws {
    let path = Fixtures.path("checkpoints/bad/\(name).safetensors")
    let source = try Checkpoint.open(path)
    let configuration = TwoPassConfiguration(dim: 16, layers: 2, heads: 2, vocab: 64, classes: 4, tokens: 16)
    let error = #expect(throws: (any Error).self) { try TwoPassDecoder.load(configuration, from: source) }
    let text = String(describing: try #require(error))
    #expect(text.hasPrefix(path + ": "))
    #expect(text.contains(reason), "\(text)")
  }

  @Test func missingFilesFoldersAndTensorsAreNamed() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FileError.self) { try Checkpoint.open(folder.file("none.pt")) }
    #expect(missing?.description.contains("No such file") == true)
    let path = folder.path
    let empty = #expect(throws: FileError.self) { try Checkpoint.open(path) }
    #expect(empty?.description.hasPrefix("\(path): cannot be read: it is a folder without a checkpoint") == true)
    let source = try Checkpoint.open(Fixtures.path("checkpoints/expected.safetensors"))
    #expect(source.shape(of: "none") == nil)
    #expect(source.scalarType(of: "none") == nil)
    #expect(throws: CheckpointError.noSuchTensor(path: source.sourceName, tensor: "none")) {
      try source.tensor(named: "none")
    }
    #expect(throws: CheckpointError.self) { try source.integers(named: "norm.weight") }
  }

  @Test func integersAreRead() throws {
    let source = try Checkpoint.open(Fixtures.path("arpg-tiny/sample.safetensors"))
    let name = try #require(source.names.first { $0.hasSuffix("order") })
    #expect(try source.integers(named: name).sorted() == Array(0..<16))
    #expect(try source.tensor(named: name).values == source.integers(named: name).map(Float.init))
  }

  /// No change of a byte, and no cut, crashes the readers or makes them allocate without bound.
  @Test(arguments: [
    "plain.pt", "ddp.pt", "legacy.pt", "views.pt", "expected.safetensors", "expected-bf16.safetensors",
    "wild/beside.pt",
    "wild/views.pt", "wild/fp8.pt", "wild/legacy_beside.pt",
  ])
  func damagedFilesNeverCrash(name: String) throws {
    let folder = try TemporaryFolder()
    let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("checkpoints/\(name)"))))
    let random = Philox(seed: 7)
    var refused = 0
    for trial in 0..<400 {
      var bytes = good
      let words = random.words(at: SIMD4(UInt32(trial), 0, 0, 0))
      // Directories, pickles and headers are at the beginning or the end: damage is most interesting there.
      let places = [
        Int(words.x) % min(4096, bytes.count), bytes.count - 1 - Int(words.x) % min(2048, bytes.count),
        Int(words.x) % bytes.count,
      ]
      switch trial % 4 {
      case 3: bytes.removeLast(Int(words.x) % bytes.count)
      default: bytes[places[trial % 4]] = UInt8(truncatingIfNeeded: words.y)
      }
      do {
        let source = try Checkpoint.open(try folder.write(bytes, as: "damaged"))
        for name in source.names { _ = try source.tensor(named: name) }
      } catch {
        #expect(error is CheckpointError)
        refused += 1
      }
    }
    #expect(refused >= 100)
  }
}
