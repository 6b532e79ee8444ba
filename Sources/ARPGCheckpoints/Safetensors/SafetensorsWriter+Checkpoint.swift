extension SafetensorsWriter {
  /// Adds the tensors of a checkpoint by their names, sorted.
  ///
  /// - Parameters:
  ///   - checkpoint: the tensors.
  ///   - ignored: which of them are left out.
  ///   - type: of which kind the values of a tensor are stored; its own kind and shape are given. By default half precision stays
  ///     half precision, and all else is stored as floats of 32 bits.
  public mutating func add(
    _ checkpoint: Checkpoint, ignoring ignored: (String) -> Bool = { _ in false },
    as type: (_ own: ScalarType, _ shape: [Int]) -> ScalarType = Self.keepingHalves
  ) {
    for name in checkpoint.names.sorted() where !ignored(name) {
      guard let shape = checkpoint.shape(of: name) else { continue }
      add(name, shape: shape, as: type(checkpoint.scalarType(of: name) ?? .float32, shape)) {
        try checkpoint.tensor(named: name)
      }
    }
  }

  /// Half precision stays half precision; all else becomes floats of 32 bits.
  public static func keepingHalves(_ type: ScalarType, _ shape: [Int]) -> ScalarType {
    [.float16, .bfloat16].contains(type) ? type : .float32
  }
}
