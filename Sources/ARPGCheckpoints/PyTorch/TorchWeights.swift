/// Finds the weights in the value of a PyTorch checkpoint's pickle.
struct TorchWeights {
  private static let wrappers = ["model", "module", "state_dict"]

  private let machine: PickleMachine
  private let weights: [String: PickleValue]

  /// Finds the dictionary of the weights: a part of the value under a usual name, or the value.
  init(_ machine: PickleMachine, _ value: PickleValue, preferringEMA: Bool) throws(CheckpointError) {
    self.machine = machine
    guard let root = machine.dictionary(value) else {
      throw .malformed(
        path: machine.path, found: "a pickle that is no dictionary", expected: "a dictionary of tensors")
    }
    let parts = ((preferringEMA ? ["ema"] : []) + Self.wrappers).compactMap { root[$0].flatMap(machine.dictionary) }
    guard let weights = (parts + [root]).first(where: Self.hasTensors) else {
      throw .unsupported(
        path: machine.path, found: "it has no tensors at the top or under \(Self.wrappers.joined(separator: ", "))",
        remedy: "save the model's state_dict(), or a dictionary that holds it as \"model\"")
    }
    self.weights = weights
  }

  /// The tensors of the weights.
  ///
  /// - Parameter place: where in the file a storage stands.
  func contents(place: (TorchStorage) throws -> Range<Int>) throws -> CheckpointContents {
    var contents = CheckpointContents()
    for (name, value) in weights {
      guard case .tensor(let index) = value else { continue }
      let tensor = machine.tensors[index]
      let storage = machine.storages[tensor.storage]
      let bytes = try place(storage)
      contents.tensors[name] = StoredTensor(
        type: storage.type, shape: tensor.shape, strides: tensor.strides, offset: tensor.offset, storage: bytes)
      guard contents.tensors[name] != nil else {
        throw CheckpointError.malformed(
          path: machine.path,
          found: "\(name) of shape \(tensor.shape), strides \(tensor.strides), offset \(tensor.offset)",
          expected: "a view inside the \(storage.count) values of its storage \(storage.key)")
      }
    }
    return contents
  }

  private static func hasTensors(_ dictionary: [String: PickleValue]) -> Bool {
    dictionary.values.contains { if case .tensor = $0 { true } else { false } }
  }
}
