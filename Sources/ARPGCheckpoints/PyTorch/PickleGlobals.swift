/// The globals that a pickle of a checkpoint may name. None is ever called: those that make tensors are understood, the
/// others stand for nothing.
enum PickleGlobals {
  private static let names: [String: Set<String>] = [
    "torch": tensorTypes.union(["Size", "device", "Tensor", "Generator"]),
    "torch._utils": [
      "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_parameter", "_rebuild_parameter_with_state",
    ],
    "torch._tensor": ["_rebuild_from_type_v2"],
    "torch.nn.parameter": ["Parameter", "Buffer"],
    "torch.storage": ["TypedStorage", "UntypedStorage"],
    "torch.serialization": ["_get_layout"],
    "collections": ["OrderedDict", "defaultdict", "deque", "Counter"],
    "argparse": ["Namespace"],
    "builtins": builtins,
    "__builtin__": builtins,
    "_codecs": ["encode"],
    "copyreg": ["_reconstructor"],
    "copy_reg": ["_reconstructor"],
    "datetime": ["datetime", "date", "time", "timedelta", "timezone"],
    "numpy": [
      "dtype", "ndarray", "bool_", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
    ],
    "numpy.core.multiarray": ["_reconstruct", "scalar"],
    "numpy._core.multiarray": ["_reconstruct", "scalar"],
    "numpy.core.numeric": ["_frombuffer"],
    "numpy._core.numeric": ["_frombuffer"],
    "pathlib": paths,
    "pathlib._local": paths,
  ]

  private static let tensorTypes: Set<String> = [
    "bfloat16", "bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
    "uint64", "half", "float", "double", "long", "strided", "contiguous_format", "preserve_format", "channels_last",
  ]
  private static let builtins: Set<String> = [
    "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "long", "object", "range",
    "set", "slice", "str", "tuple", "unicode", "xrange",
  ]
  private static let paths: Set<String> = [
    "Path", "PosixPath", "PurePath", "PurePosixPath", "PureWindowsPath", "WindowsPath",
  ]

  /// Modules of settings and optimisers, any class of which may be named.
  private static let modules = ["numpy.dtypes", "omegaconf", "torch.optim", "typing"]

  /// Whether a pickle may name it.
  static func allows(module: String, name: String) -> Bool {
    if module == "torch", storageType(name) != nil { return true }
    if names[module]?.contains(name) == true { return true }
    return !name.contains(".") && modules.contains { module == $0 || module.hasPrefix($0 + ".") }
  }

  /// The values of a kind of storage, such as `FloatStorage`.
  static func storageType(_ name: String) -> ScalarType? {
    switch name {
    case "DoubleStorage": .float64
    case "FloatStorage": .float32
    case "HalfStorage": .float16
    case "BFloat16Storage": .bfloat16
    case "LongStorage": .int64
    case "IntStorage": .int32
    case "ShortStorage": .int16
    case "CharStorage": .int8
    case "ByteStorage": .uint8
    case "BoolStorage": .bool
    default: nil
    }
  }
}
