/// The weights in the value of a PyTorch checkpoint's pickle.
struct TorchWeights {
  private let machine: PickleMachine
  private let weights: [String: PickleValue]
  private let note: String?

  /// Finds the dictionary of the weights: a part of the value under a usual name, or the value.
  init(_ machine: PickleMachine, _ value: PickleValue, preferringEMA: Bool) throws(CheckpointError) {
    self.machine = machine
    let wrappers = TorchWrappers(machine, value)
    let (first, second) = preferringEMA ? (wrappers.averaged, wrappers.plain) : (wrappers.plain, wrappers.averaged)
    guard let found = first ?? second else { throw Self.noWeights(machine, value) }
    weights = found
    note = first == nil || second == nil ? nil : CheckpointContents.note(isAverage: preferringEMA)
  }

  /// The tensors of the weights.
  ///
  /// - Parameter place: where in the file a storage stands.
  func contents(place: (TorchStorage) throws -> Range<Int>) throws -> CheckpointContents {
    var contents = CheckpointContents()
    contents.note = note
    for (name, value) in weights.sorted(by: { $0.key < $1.key }) {
      if case .object(let global) = value, PickleGlobals.makesTensor(global) {
        throw unread(name, global)
      }
      guard case .tensor(let index) = value else { continue }
      let tensor = machine.tensors[index]
      guard !WeightNames.isBookkeeping(name, shape: tensor.shape) else { continue }
      guard let type = tensor.type else { throw unread(name, tensor.typeName) }
      let storage = machine.storages[tensor.storage]
      let bytes = try place(storage)
      contents.tensors[name] = StoredTensor(
        type: type, shape: tensor.shape, strides: tensor.strides, offset: tensor.offset, isNegated: tensor.isNegated,
        storage: bytes)
      guard contents.tensors[name] != nil else {
        throw CheckpointError.malformed(
          path: machine.path,
          found: "\(name) of shape \(tensor.shape), strides \(tensor.strides), offset \(tensor.offset)",
          expected: "a view inside the \(storage.count) values of its storage \(storage.key)")
      }
    }
    return contents
  }

  /// A tensor of a kind that is not read.
  private func unread(_ name: String, _ kind: String) -> CheckpointError {
    let kindName = kind.split(separator: ".").last.map(String.init) ?? kind
    guard kindName.contains("qtensor") || kindName.hasPrefix("Q") || kindName.hasPrefix("q") else {
      return .unsupported(
        path: machine.path, found: "its tensor \(name) is of the kind \(kind), which is not read",
        remedy: "save it as a dense tensor of real floats")
    }
    return .quantized(path: machine.path, tensor: name, type: kindName)
  }

  /// What a value without weights is.
  private static func noWeights(_ machine: PickleMachine, _ value: PickleValue) -> CheckpointError {
    let remedy = "save the model's state_dict(), or a dictionary that holds it as \"model\""
    if case .object(let global) = value {
      return .unsupported(
        path: machine.path, found: "it holds an object of \(global), which only the program that saved it can make",
        remedy: remedy)
    }
    guard let root = machine.dictionary(value) else {
      return .malformed(
        path: machine.path, found: "a pickle that is no dictionary", expected: "a dictionary of tensors")
    }
    for name in TorchWrappers.plainNames + TorchWrappers.averagedNames {
      guard case .object(let global) = root[name] else { continue }
      return .unsupported(
        path: machine.path,
        found: "its weights under \(name) are an object of \(global), which only the program that saved it can make",
        remedy: remedy)
    }
    return .unsupported(
      path: machine.path,
      found: "it has no tensors at the top or under \(TorchWrappers.plainNames.joined(separator: ", "))",
      remedy: remedy)
  }
}
