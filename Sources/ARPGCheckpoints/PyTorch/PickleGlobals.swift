/// The globals that a pickle of a checkpoint may name. None is ever called: those that make tensors are understood, the
/// others stand for values that no tensor needs. Refused are those by which a pickle runs code where it is trusted: a file
/// that names one is an attack, or nothing that weights are kept in.
enum PickleGlobals {
  /// What the interpreter offers without an import, and does no harm.
  private static let builtins: Set<String> = [
    "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "long", "object", "range",
    "set", "slice", "str", "tuple", "unicode", "xrange",
  ]

  /// Modules that start programs, load code, read files or the network, or call what they are given.
  private static let modules: Set<String> = [
    "_codecs", "_ctypes", "_functools", "_io", "_operator", "_pickle", "_posixsubprocess", "_socket", "_thread", "ast",
    "asyncio", "bdb", "builtins", "cPickle", "cProfile", "cloudpickle", "code", "codecs", "codeop", "commands",
    "ctypes",
    "dill", "distutils", "doctest", "ensurepip", "fileinput", "ftplib", "functools", "gc", "glob", "http", "httpx",
    "idlelib", "imp", "importlib", "inspect", "io", "itertools", "joblib", "lib2to3", "linecache", "marshal",
    "multiprocessing", "nt", "operator", "os", "pdb", "pickle", "pip", "pkgutil", "platform", "popen2", "posix",
    "profile", "pty", "requests", "runpy", "setuptools", "shelve", "shutil", "signal", "site", "smtplib", "socket",
    "ssl", "subprocess", "sys", "tempfile", "test", "threading", "timeit", "trace", "types", "urllib", "urllib2",
    "venv", "webbrowser", "__builtin__",
  ]

  /// The same in libraries, with all that is below them.
  private static let libraryModules = [
    "numpy.distutils", "numpy.f2py", "numpy.testing", "torch.classes", "torch.distributed.rpc", "torch.hub",
    "torch.jit",
    "torch.ops", "torch.package", "torch.testing", "torch.utils.cpp_extension", "torch._dynamo", "torch._inductor",
  ]

  private static let refused: Set<String> = [
    "torch.load", "torch.compile", "torch.serialization.load", "torch.storage._load_from_bytes", "numpy.load",
    "numpy.fromfile", "numpy.memmap", "numpy.core.multiarray.fromfile", "numpy._core.multiarray.fromfile",
  ]

  /// Whether a pickle may name it.
  static func allows(module: String, name: String) -> Bool {
    guard !module.isEmpty, !name.isEmpty, !refused.contains("\(module).\(name)") else { return false }
    // A class in a class has a dot, and so has a function of one.
    guard !name.contains(".") || name.split(separator: ".").allSatisfy({ $0.first?.isUppercase == true }) else {
      return false
    }
    switch (module, name) {
    case ("builtins", _), ("__builtin__", _): return builtins.contains(name) || name.first?.isUppercase == true
    case ("_codecs", "encode"), ("types", "SimpleNamespace"): return true
    default: break
    }
    let top = module.split(separator: ".").first.map(String.init) ?? module
    return !modules.contains(top) && !libraryModules.contains { module == $0 || module.hasPrefix($0 + ".") }
  }

  /// Whether a global that is not understood makes a tensor, of a kind that is not read.
  static func makesTensor(_ global: String) -> Bool {
    global.hasPrefix("torch._utils._rebuild") || global.hasPrefix("torch._tensor._rebuild")
  }

  /// The type of the values of a storage, such as `FloatStorage`, and their size in bytes. The type is nil where such values
  /// are not read.
  static func storage(_ name: String) -> (type: ScalarType?, valueBytes: Int)? {
    let type: ScalarType? =
      switch name {
      case "DoubleStorage": .float64
      case "FloatStorage": .float32
      case "HalfStorage": .float16
      case "BFloat16Storage": .bfloat16
      case "LongStorage": .int64
      case "IntStorage": .int32
      case "ShortStorage": .int16
      case "CharStorage": .int8
      case "ByteStorage", "UntypedStorage": .uint8
      case "BoolStorage": .bool
      default: nil
      }
    if let type { return (type, type.byteCount) }
    switch name {
    case "ComplexDoubleStorage": return (nil, 16)
    case "ComplexFloatStorage": return (nil, 8)
    case "QInt32Storage": return (nil, 4)
    case "QInt8Storage", "QUInt8Storage", "QUInt4x2Storage", "QUInt2x4Storage": return (nil, 1)
    default: return nil
    }
  }

  /// The type of values that goes by a name in PyTorch; nil where such values are not read.
  static func scalarType(_ name: String) -> ScalarType? {
    switch name {
    case "torch.float64", "torch.double": .float64
    case "torch.float32", "torch.float": .float32
    case "torch.float16", "torch.half": .float16
    case "torch.bfloat16": .bfloat16
    case "torch.float8_e4m3fn": .float8e4m3
    case "torch.float8_e5m2": .float8e5m2
    case "torch.int64", "torch.long": .int64
    case "torch.int32", "torch.int": .int32
    case "torch.int16", "torch.short": .int16
    case "torch.int8": .int8
    case "torch.uint64": .uint64
    case "torch.uint32": .uint32
    case "torch.uint16": .uint16
    case "torch.uint8": .uint8
    case "torch.bool": .bool
    default: nil
    }
  }
}
