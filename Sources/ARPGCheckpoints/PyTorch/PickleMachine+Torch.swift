/// A storage that a pickle refers to.
struct TorchStorage {
  let type: ScalarType
  /// Its name in the archive.
  let key: String
  /// The number of values.
  let count: Int

  /// The size of that many values; nil where it overflows.
  static func byteCount(_ count: Int, of type: ScalarType) -> Int? {
    let (size, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    return overflow ? nil : size
  }

  /// Whether so many bytes are its values.
  func fills(_ bytes: Range<Int>) -> Bool { Self.byteCount(count, of: type) == bytes.count }
}

/// A view of a storage; lengths and distances in values.
struct TorchTensor {
  /// The number of the storage.
  let storage: Int
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

extension PickleMachine {
  /// The most axes that PyTorch allows.
  private static let maxAxes = 64

  /// The items of a container of a kind.
  func items(_ value: PickleValue, of kind: PickleContainer.Kind) -> [PickleValue]? {
    guard case .container(let index) = value, containers[index].kind == kind else { return nil }
    return containers[index].items
  }

  /// The values of a dictionary whose keys are text; of a key that comes twice the last.
  func dictionary(_ value: PickleValue) -> [String: PickleValue]? {
    guard let items = items(value, of: .dictionary) else { return nil }
    var result: [String: PickleValue] = [:]
    for index in stride(from: 0, to: items.count, by: 2) {
      if case .text(let key) = items[index] { result[key] = items[index + 1] }
    }
    return result
  }

  /// What calling a global would give where a tensor needs it, otherwise an opaque value.
  mutating func apply(_ callable: PickleValue, to operands: PickleValue) throws(CheckpointError) -> PickleValue {
    switch callable {
    case .opaque: return .opaque
    case .global(let name):
      guard let operands = items(operands, of: .tuple) else {
        throw malformed("no operands of \(name)", expected: "a tuple")
      }
      return try apply(name, operands)
    default: throw malformed("a value in place of a global", expected: "a global")
    }
  }

  private mutating func apply(_ name: String, _ operands: [PickleValue]) throws(CheckpointError) -> PickleValue {
    switch name {
    case "collections.OrderedDict" where operands.isEmpty: return newDictionary()
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": return try tensor(operands)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.Size":
      guard let first = operands.first else { throw malformed("\(name) of nothing", expected: "a value") }
      return first
    case "torch._tensor._rebuild_from_type_v2":
      // A subclass of tensors: the function that would make it, a type, its operands, a state.
      guard operands.count == 4, case .global(let inner) = operands[0], inner.hasPrefix("torch._utils."),
        let operands = items(operands[2], of: .tuple)
      else { return .opaque }
      return try apply(inner, operands)
    default: return .opaque
    }
  }

  private mutating func tensor(_ operands: [PickleValue]) throws(CheckpointError) -> PickleValue {
    guard operands.count >= 4, case .storage(let storage) = operands[0], case .integer(let offset) = operands[1],
      let shape = integers(operands[2]), let strides = integers(operands[3])
    else {
      throw malformed("a tensor of other operands", expected: "a storage, an offset, a shape and strides")
    }
    tensors.append(TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    return .tensor(tensors.count - 1)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let items = items(value, of: .tuple), items.count <= Self.maxAxes else { return nil }
    var result: [Int] = []
    for item in items {
      guard case .integer(let integer) = item else { return nil }
      result.append(integer)
    }
    return result
  }

  /// A storage by its persistent id: `("storage", type, key, location, count)`, and `None` in legacy files.
  mutating func persistent(_ id: PickleValue) throws(CheckpointError) -> PickleValue {
    guard let items = items(id, of: .tuple), items.count >= 5, case .text("storage") = items[0],
      case .global(let name) = items[1], case .text(let key) = items[2], case .integer(let count) = items[4], count >= 0
    else {
      throw malformed("another persistent id", expected: "that of a storage")
    }
    if items.count > 5, case .container = items[5] {
      throw .unsupported(
        path: path, found: "its storage \(key) is a part of another", remedy: "save it with PyTorch 1.6 or later")
    }
    guard let type = name.split(separator: ".").last.flatMap({ PickleGlobals.storageType(String($0)) }) else {
      throw .unsupported(path: path, found: "it has a \(name)", remedy: "save it with tensors of ordinary types")
    }
    storages.append(TorchStorage(type: type, key: key, count: count))
    return .storage(storages.count - 1)
  }
}
