/// Finds the weights among what training programs save: dictionaries of dictionaries under usual names.
struct TorchWrappers {
  /// Names of weights as training left them, and of what they stand in.
  static let plainNames = [
    "model", "module", "state_dict", "model_state_dict", "params", "net", "network", "weights", "checkpoint",
  ]
  /// Names of averaged weights.
  static let averagedNames = [
    "ema", "model_ema", "params_ema", "ema_model", "ema_state_dict", "state_dict_ema", "model_ema_state_dict",
    "ema_model_state_dict", "module_ema",
  ]
  /// The most dictionaries inside one another.
  private static let maxDepth = 8

  /// The first weights that are not averaged, and the first that are.
  private(set) var plain: [String: PickleValue]?
  private(set) var averaged: [String: PickleValue]?

  private let machine: PickleMachine
  /// The containers that were looked at: a dictionary may hold itself, or stand in many places.
  private var seen: Set<Int> = []

  init(_ machine: PickleMachine, _ value: PickleValue) {
    self.machine = machine
    look(at: value, depth: 0, isAveraged: false)
  }

  private mutating func look(at value: PickleValue, depth: Int, isAveraged: Bool) {
    guard depth < Self.maxDepth, case .container(let index) = value, seen.insert(index).inserted,
      let dictionary = machine.dictionary(value)
    else { return }
    for name in Self.plainNames {
      if let part = dictionary[name] { look(at: part, depth: depth + 1, isAveraged: isAveraged) }
    }
    if (isAveraged ? averaged : plain) == nil, hasWeights(dictionary) {
      if isAveraged { averaged = dictionary } else { plain = dictionary }
    }
    for name in Self.averagedNames {
      if let part = dictionary[name] { look(at: part, depth: depth + 1, isAveraged: true) }
    }
  }

  /// Whether there is a tensor that is more than the count of something.
  private func hasWeights(_ dictionary: [String: PickleValue]) -> Bool {
    dictionary.contains { name, value in
      switch value {
      case .tensor(let index): !WeightNames.isBookkeeping(name, shape: machine.tensors[index].shape)
      case .object(let global): PickleGlobals.makesTensor(global)
      default: false
      }
    }
  }
}
