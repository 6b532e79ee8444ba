import ARPGCheckpoints
import ARPGFiles
import ARPGTensor
import TestSupport
import Testing

struct PickleTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Opens a legacy file of a dictionary with the tensor `w` that `body` appends.
  private func open(_ body: (PickleBuilder) -> PickleBuilder) throws -> Checkpoint {
    try Checkpoint.open(folder.write(body(.protocol2).legacyFile, as: "w.pt"))
  }

  private func reason(_ body: (PickleBuilder) -> PickleBuilder) throws -> String {
    try #require(throws: CheckpointError.self) { try open(body) }.description
  }

  @Test func viewsAreRead() throws {
    func values(_ shape: [Int], _ strides: [Int], _ offset: Int = 0) throws -> [Float] {
      try open { $0.code("}").text("w").tensor(shape: shape, strides: strides, offset: offset).code("s") }
        .tensor(named: "w").values
    }
    #expect(try values([2, 2], [2, 1]) == [1, 2, 3, 4])
    #expect(try values([2, 2], [1, 2]) == [1, 3, 2, 4])
    #expect(try values([2], [2], 1) == [2, 4])
    #expect(try values([2, 2], [0, 1], 1) == [2, 3, 2, 3])
    #expect(try values([3, 3], [0, 1], 1) == [2, 3, 4, 2, 3, 4, 2, 3, 4])
    #expect(try values([3, 2], [1, 1]) == [1, 2, 2, 3, 3, 4])
    #expect(try values([1, 3, 1], [9, 1, 7], 1) == [2, 3, 4])
    #expect(try values([], [], 3) == [4])
    #expect(try values([0, 5], [5, 1]) == [])
  }

  @Test(arguments: [
    ([5], [1], 0), ([2, 2], [3, 1], 0), ([1], [1], 4), ([1], [1], -1), ([2], [-1], 1), ([-1], [1], 0),
    ([2], [1, 1], 0),
    ([2, 2], [Int.max, 1], 0), ([1 << 40], [0], 0), ([1 << 40, 1 << 40], [0, 0], 0),
    ([1 << 40, 1 << 40, 0], [0, 0, 0], 0),
    ([3, 3], [0, 2], 0), ([1 << 27], [0], 0), ([1 << 14, 1 << 14], [0, 0], 0), ([1], [0], Int.max), ([2], [0], 4),
  ])
  func viewsOutsideTheirStorageAreRefused(shape: [Int], strides: [Int], offset: Int) throws {
    let text = try reason { $0.code("}").text("w").tensor(shape: shape, strides: strides, offset: offset).code("s") }
    #expect(text.contains("w of shape"), "\(text)")
  }

  @Test func storagesOfAnotherSizeAreRefused() throws {
    for storage in [3, 5, Int.max, 1 << 61] {
      let text = try reason { $0.code("}").text("w").tensor(shape: [1], strides: [1], storage: storage).code("s") }
      #expect(text.contains("storage 0"), "\(text)")
    }
    let text = try reason { $0.code("}").text("w").tensor(shape: [1], strides: [1], storage: -1).code("s") }
    #expect(text.contains("persistent id"), "\(text)")
  }

  @Test(arguments: [
    ("posix", "system"), ("os", "system"), ("builtins", "eval"), ("builtins", "getattr"), ("__builtin__", "exec"),
    ("subprocess", "Popen"), ("torch", "load"), ("torch.hub", "load"), ("torch.storage", "_load_from_bytes"),
    ("numpy.testing._private.utils", "runstring"), ("omegaconf", "OmegaConf.load"), ("pickle", "loads"), ("", ""),
    ("operator", "attrgetter"), ("functools", "partial"), ("importlib", "import_module"),
    ("os.path", "join"), ("torch.jit._script", "load"), ("types", "FunctionType"), ("__main__", "Trainer.load"),
    ("codecs", "open"), ("numpy", "load"),
  ])
  func globalsThatCouldRunCodeAreRefused(module: String, name: String) throws {
    let text = try reason { $0.code("}").text("x").global(module, name).text("echo").code(0x85).code("Rs") }
    #expect(text.contains("names \(module).\(name),"), "\(text)")
    let stacked = try reason { $0.text(module).text(name).code(0x93) }
    #expect(stacked.contains("names \(module).\(name),"), "\(stacked)")
  }

  @Test func whatNoTensorNeedsIsSkipped() throws {
    let source = try open {
      $0.code("}(").text("model").code("}").text("w").tensor(shape: [2], strides: [1]).code("s")
        .text("args").global("argparse", "Namespace").code(")").code(0x81).code("}").text("lr").code("Nsb")
        .text("path").global("pathlib", "PosixPath").text("/").code(0x85).code("R")
        .text("set").code(0x8f).code("(").integer(1).code(0x90)
        .text("epoch").integer(3).code("u")
    }
    #expect(source.names == ["w"])
    #expect(try source.tensor(named: "w").values == [1, 2])
  }

  @Test(arguments: [
    ("__main__", "Config"), ("trainer.settings", "Outer.Inner"), ("torch.torch_version", "TorchVersion"),
    ("types", "SimpleNamespace"), ("omegaconf.dictconfig", "DictConfig"), ("numpy.dtypes", "Float32DType"),
    ("builtins", "ValueError"), ("datetime", "datetime"), ("torch", "float8_e4m3fn"), ("easydict", "EasyDict"),
  ])
  func objectsOfAnyClassAreSkipped(module: String, name: String) throws {
    let source = try open {
      $0.code("}(").text("x").global(module, name).code(")").code(0x81).code("}").text("lr").code("Nsb")
        .text("y").global(module, name).text("z").code(0x85).code("R(").text("k").code("Nu")
        .text("w").tensor(shape: [2], strides: [1]).code("u")
    }
    #expect(source.names == ["w"])
  }

  @Test func weightsThatAnUnknownClassHoldsAreRefused() throws {
    let text = try reason {
      $0.global("__main__", "Weights").code(")").code(0x81).code("(").text("w").tensor(shape: [2], strides: [1]).code(
        "u")
    }
    #expect(text.contains("an object of __main__.Weights"), "\(text)")
  }

  @Test func namesOfGlobalsDoNotFillTheMemory() throws {
    let long = String(repeating: "m", count: 300)
    #expect(try reason { $0.text(long).text("C").code(0x93) }.contains("long name"))
    #expect(try reason { $0.text("m").text(long).code(0x93) }.contains("long name"))
    #expect(
      try reason { (0..<5000).reduce($0) { $0.global("m", "C\($1)").code("0") } }.contains("more than 4096 globals"))
    _ = try open {
      (0..<5000).reduce($0) { builder, _ in builder.global("m", "C").code("0") }.code("}").text("w")
        .tensor(shape: [2], strides: [1]).code("s")
    }
  }

  @Test func dictionariesThatHoldThemselvesAreHarmless() throws {
    let text = try reason {
      $0.code("}q").code(0).code("(").text("model").code("h").code(0).text("state_dict").code("h").code(0)
        .text("ema").code("h").code(0).code("u")
    }
    #expect(text.contains("no tensors"))
    let deep = try reason { builder in
      (0..<100).reduce(builder) { builder, _ in builder.code("}").text("model") }.code("}")
        .text("w").tensor(shape: [2], strides: [1]).code("s" + String(repeating: "s", count: 100))
    }
    #expect(deep.contains("no tensors"))
  }

  @Test func theModelsPrefixIsTakenOffWhereAllWeightsHaveIt() throws {
    func names(_ names: [String]) throws -> [String] {
      try open {
        names.reduce($0.code("}")) { $0.text($1).tensor(shape: [1], strides: [1]).code("s") }
      }.names
    }
    #expect(try names(["model.w", "model.module.v", "n_averaged"]) == ["v", "w"])
    #expect(try names(["model.model.w"]) == ["w"])
    #expect(try names(["model.w", "head.w"]) == ["head.w", "model.w"])
  }

  @Test func parametersAndModulesStateAreUnderstood() throws {
    let source = try open {
      $0.code("}").text("state_dict").global("collections", "OrderedDict").code(")R").text("module._orig_mod.module.w")
        .global("torch._utils", "_rebuild_parameter").code("(").tensor(shape: [2], strides: [1]).code(0x88)
        .global("collections", "OrderedDict").code(")RtRs").code("}").text("_metadata").code("}sbs")
    }
    #expect(source.names == ["w"])
  }

  @Test func averagedWeightsAreTakenWhenAskedFor() throws {
    func values(_ preferringEMA: Bool) throws -> [Float] {
      let file = PickleBuilder.protocol2.code("}(").text("model").code("}").text("w").tensor(shape: [1], strides: [1])
        .code("s").text("ema").code("}").text("w").tensor(shape: [1], strides: [1], offset: 1).code("su").legacyFile
      return try Checkpoint.open(folder.write(file, as: "e.pt"), preferringEMA: preferringEMA).tensor(named: "w").values
    }
    #expect(try values(false) == [1])
    #expect(try values(true) == [2])
  }

  @Test func namesThatBecomeTheSameAreRefused() throws {
    let text = try reason {
      $0.code("}").text("w").tensor(shape: [1], strides: [1]).code("s").text("module.w").tensor(
        shape: [1], strides: [1]
      )
      .code("s")
    }
    #expect(text.contains("w twice"))
  }

  @Test(arguments: [
    ("R", "stack"), ("a", "stack"), ("t", "no mark"), ("(0", "stack"), ("hz", "memo"), ("]]s", "stack"),
    ("N]a", "list"), ("}(Nu", "pairs"), ("I1\n", "instruction 73"), ("NQ", "persistent id"),
    ("NNR", "in place of a global"),
    ("N", "no dictionary"), ("}", "no tensors"),
  ])
  func malformedPicklesAreRefused(codes: String, expected: String) throws {
    let text = try reason { $0.code(codes) }
    #expect(text.contains(expected), "\(text)")
  }

  @Test func deepNestingCyclesAndEndlessPicklesAreHarmless() throws {
    let deep =
      Array(repeating: UInt8(ascii: "]"), count: 1 << 20) + Array(repeating: UInt8(ascii: "a"), count: 1 << 20 - 1)
    #expect(throws: CheckpointError.self) {
      try Checkpoint.open(folder.write(PickleBuilder(bytes: [0x80, 2] + deep).legacyFile, as: "deep.pt"))
    }
    let tuples = [UInt8(ascii: "N")] + Array(repeating: 0x85, count: 1 << 20)
    #expect(throws: CheckpointError.self) {
      try Checkpoint.open(folder.write(PickleBuilder(bytes: [0x80, 2] + tuples).legacyFile, as: "deep.pt"))
    }
    #expect(try reason { $0.code("]q").code(0).code("h").code(0).code("a") }.contains("no dictionary"))
    let many = Array(repeating: [UInt8(ascii: "N"), UInt8(ascii: "0")], count: 1 << 22).flatMap { $0 }
    #expect(throws: CheckpointError.self) {
      try Checkpoint.open(folder.write(PickleBuilder(bytes: [0x80, 2] + many).legacyFile, as: "long.pt"))
    }
  }
}
