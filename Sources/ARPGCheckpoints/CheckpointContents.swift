/// What opening a checkpoint finds out: where its tensors stand, and the texts beside them.
struct CheckpointContents {
  var tensors: [String: StoredTensor] = [:]
  var metadata: [String: String] = [:]
  /// Which of its weights were taken, where there are several.
  var note: String?

  /// The most models inside one another whose prefixes are taken off.
  private static let maxDepth = 8

  /// Takes the prefixes of wrappers off all names.
  private mutating func stripWrappers(path: String) throws(CheckpointError) {
    var stripped: [String: StoredTensor] = [:]
    stripped.reserveCapacity(tensors.count)
    for (name, tensor) in tensors {
      let rest = WeightNames.stripped(name)
      guard stripped.updateValue(tensor, forKey: rest) == nil else {
        throw .malformed(path: path, found: "the tensor \(rest) twice, under different prefixes", expected: "it once")
      }
    }
    tensors = stripped
  }

  /// Takes off the prefixes of wrappers, and in PyTorch files that which a training program's model has in all names. There, what
  /// is no weight is left out.
  mutating func takeModel(
    of format: Checkpoint.Format, preferringEMA: Bool, path: String
  ) throws(CheckpointError) {
    try stripWrappers(path: path)
    guard format != .safetensors else { return }
    tensors = tensors.filter { !WeightNames.isBookkeeping($0.key, shape: $0.value.shape) }
    for _ in 0..<Self.maxDepth {
      guard let model = WeightNames.model(in: tensors.keys, preferringAverages: preferringEMA) else { return }
      if model.hasBoth { note = Self.note(isAverage: model.isAverage) }
      let part = tensors.filter { $0.key.hasPrefix(model.prefix) }
      tensors = Dictionary(uniqueKeysWithValues: part.map { (String($0.key.dropFirst(model.prefix.count)), $0.value) })
      try stripWrappers(path: path)
      tensors = tensors.filter { !WeightNames.isBookkeeping($0.key, shape: $0.value.shape) }
    }
  }

  /// What to tell of a file with averaged weights and others.
  static func note(isAverage: Bool) -> String {
    isAverage
      ? "it has averaged weights and others; the averaged ones are taken"
      : "it has averaged weights as well, which are not taken"
  }
}
