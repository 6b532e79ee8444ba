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
    case .opaque, .object: return callable
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
    case "collections.OrderedDict" where operands.isEmpty, "collections.defaultdict": return newDictionary()
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": return try tensor(operands)
    case "torch._utils._rebuild_tensor_v3":
      // Has the type of the values, and bytes for a storage.
      guard operands.count >= 7, case .global(let type) = operands[6] else {
        throw malformed("a tensor without a type", expected: "one")
      }
      return try tensor(operands, typeName: type, metadata: 7)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.Size",
      "torch._utils._rebuild_device_tensor_from_cpu_tensor":
      guard let first = operands.first else { throw malformed("\(name) of nothing", expected: "a value") }
      return first
    case "torch._tensor._rebuild_from_type_v2":
      // A subclass of tensors: the function that would make it, a type, its operands, a state.
      guard operands.count == 4, case .global(let inner) = operands[0], inner.hasPrefix("torch._utils."),
        let operands = items(operands[2], of: .tuple)
      else { return .object(of: name) }
      return try apply(inner, operands)
    case "copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__", "copy_reg.__newobj__":
      // An object of the class that comes first.
      guard case .global(let type) = operands.first else { return .object(of: name) }
      return .object(of: type)
    default: return .object(of: name)
    }
  }

  /// A tensor: a storage, an offset, a shape, strides, and more, of which only the metadata matters.
  private mutating func tensor(
    _ operands: [PickleValue], typeName: String? = nil, metadata: Int = 6
  ) throws(CheckpointError) -> PickleValue {
    guard operands.count >= 4, case .storage(let storage) = operands[0], case .integer(let offset) = operands[1],
      let shape = integers(operands[2]), let strides = integers(operands[3])
    else {
      throw malformed("a tensor of other operands", expected: "a storage, an offset, a shape and strides")
    }
    // Of the two marks of a lazy view, conjugation does nothing to real numbers.
    var isNegated = false
    if operands.count > metadata, case .bool(true) = dictionary(operands[metadata])?["neg"] { isNegated = true }
    let type = typeName.map(PickleGlobals.scalarType) ?? storages[storage].scalarType
    tensors.append(
      TorchTensor(
        storage: storage, typeName: typeName ?? storages[storage].typeName, type: type, offset: offset, shape: shape,
        strides: strides, isNegated: isNegated))
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
    guard let kind = name.split(separator: ".").last.flatMap({ PickleGlobals.storage(String($0)) }) else {
      throw .unsupported(path: path, found: "it has a \(name)", remedy: "save it with tensors of ordinary types")
    }
    storages.append(
      TorchStorage(typeName: name, scalarType: kind.type, valueBytes: kind.valueBytes, key: key, count: count))
    return .storage(storages.count - 1)
  }
}
