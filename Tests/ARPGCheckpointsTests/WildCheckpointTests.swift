import ARPGCheckpoints
import ARPGTensor
import Foundation
import TestSupport
import Testing

/// Files as training programs write them. Their weights are `a.weight`, 1 to 6, and `b.weight`, 7 to 9; averages are 10 more.
struct WildCheckpointTests {
  private static func open(_ name: String, preferringEMA: Bool = false) throws -> Checkpoint {
    try Checkpoint.open(Fixtures.path("checkpoints/wild/\(name)"), preferringEMA: preferringEMA)
  }

  private static func expectWeights(_ source: Checkpoint, plus offset: Float = 0) throws {
    #expect(source.names == ["a.weight", "b.weight"], "\(source.sourceName)")
    guard source.names.count == 2 else { return }
    #expect(source.shape(of: "a.weight") == [2, 3])
    #expect(try source.tensor(named: "a.weight").values == [1, 2, 3, 4, 5, 6].map { $0 + offset })
    #expect(try source.tensor(named: "b.weight").values == [7, 8, 9].map { $0 + offset })
  }

  @Test(arguments: [
    "model_state_dict", "lightning", "swa", "beside", "beside4", "beside5", "defaultdict", "legacy_beside",
  ])
  func wrappersAndObjectsBesideTheWeightsArePassed(name: String) throws {
    let source = try Self.open(name + ".pt")
    try Self.expectWeights(source)
    #expect(source.note == nil)
    try Self.expectWeights(try Self.open(name + ".pt", preferringEMA: true))
  }

  @Test(arguments: ["params", "model_ema", "nested", "lightning_ema"])
  func averagedWeightsAreTakenWhenAskedForAndToldOtherwise(name: String) throws {
    let plain = try Self.open(name + ".pt")
    try Self.expectWeights(plain)
    #expect(plain.note?.contains("averaged weights as well") == true)
    let averaged = try Self.open(name + ".pt", preferringEMA: true)
    try Self.expectWeights(averaged, plus: 10)
    #expect(averaged.note?.contains("averaged ones are taken") == true)
  }

  @Test func averagedWeightsAloneAreTaken() throws {
    let source = try Self.open("ema_only.pt")
    try Self.expectWeights(source, plus: 10)
    #expect(source.note == nil)
  }

  @Test func modelsBesideOtherTensorsAreFound() throws {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter()
    for (name, value) in [("model.module.w", Float(1)), ("ema.w", 2), ("loss.w", 3)] {
      writer.add(name, Tensor(shape: [1], values: [value]))
    }
    try writer.write(to: folder.file("w.safetensors"))
    let source = try Checkpoint.open(folder.file("w.safetensors"))
    #expect(source.names == ["ema.w", "loss.w", "model.module.w"])
    for (preferringEMA, values) in [(false, [Float(1), 2]), (true, [2, 1])] {
      let models = source.innerModels(preferringEMA: preferringEMA)
      #expect(models.map(\.names) == [["w"], ["w"]])
      #expect(try models.map { try $0.tensor(named: "w").values[0] } == values)
    }
  }

  @Test func viewsHaveTheValuesOfPyTorch() throws {
    let source = try Self.open("views.pt")
    let expected: [String: ([Int], [Float])] = [
      "expanded": ([2, 3], [4, 4, 4, 4, 4, 4]), "negated": ([2, 3], [-1, -2, -3, -4, -5, -6]),
      "transposed": ([3, 2], [1, 4, 2, 5, 3, 6]), "overlapping": ([3, 2], [1, 2, 2, 3, 3, 4]),
      "negated_part": ([3], [-2, -4, -6]), "conjugated": ([6], [-1, -2, -3, -4, -5, -6]),
      "integers": ([3], [0, -1, -2]), "bf16": ([6], [-1, -2, -3, -4, -5, -6]),
    ]
    #expect(source.names == expected.keys.sorted())
    for (name, (shape, values)) in expected {
      #expect(source.shape(of: name) == shape, "\(name)")
      #expect(try source.tensor(named: name).values == values, "\(name)")
    }
    #expect(try source.integers(named: "integers") == [0, -1, -2])
  }

  @Test(arguments: ["fp8.pt", "fp8.safetensors"]) func floatsOf8BitsAreReadExactly(name: String) throws {
    let (source, expected) = (try Self.open(name), try Self.open("fp8-expected.safetensors"))
    #expect(source.names == expected.names)
    #expect(source.scalarType(of: "e4m3") == .float8e4m3)
    #expect(source.scalarType(of: "e5m2") == .float8e5m2)
    for name in expected.names {
      let (left, right) = (try source.tensor(named: name), try expected.tensor(named: name))
      #expect(left.values.map(\.bitPattern) == right.values.map(\.bitPattern))
    }
  }

  @Test func floatsOf8BitsThatAreNotFiniteAreRefused() throws {
    let folder = try TemporaryFolder()
    for (type, byte) in [("F8_E4M3", 0x7f), ("F8_E4M3", 0xff), ("F8_E5M2", 0x7c), ("F8_E5M2", 0xfe)] {
      let header = "{\"a\":{\"dtype\":\"\(type)\",\"shape\":[1],\"data_offsets\":[0,1]}}"
      let bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8 + [UInt8(byte)]
      let source = try Checkpoint.open(folder.write(bytes, as: "f.safetensors"))
      #expect(throws: CheckpointError.self) { try source.tensor(named: "a") }
    }
  }

  @Test(arguments: ["int8.pt", "uint8.safetensors"]) func bytesAreNotTakenForWeights(name: String) throws {
    let source = try Self.open(name)
    let error = try #require(throws: CheckpointError.self) { try source.tensor(named: "a.weight") }
    #expect(error.description.contains("tensor a.weight"))
    #expect(error.description.contains("quantized weights are not read"))
    #expect(try source.integers(named: "b.weight") == [7, 8, 9])
  }

  @Test(arguments: [
    ("quantized", "a.weight is of type _rebuild_qtensor, expected floats: quantized"),
    ("module", "an object of training_program.Net"),
    ("module_inside", "its weights under model are an object of training_program.Net"),
    ("sparse", "a.weight is of the kind torch._utils._rebuild_sparse_tensor"),
    ("complex", "a.weight is of the kind torch.ComplexFloatStorage"), ("attack", "posix.system"),
  ])
  func weightsOfOtherKindsAreNamed(name: String, reason: String) throws {
    let error = try #require(throws: CheckpointError.self) { try Self.open(name + ".pt") }
    #expect(error.description.contains(reason), "\(error)")
    #expect(!error.description.contains("\n"))
    #expect(!FileManager.default.fileExists(atPath: "executed"))
  }
}
