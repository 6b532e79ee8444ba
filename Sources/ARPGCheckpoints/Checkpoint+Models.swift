extension Checkpoint {
  /// Opens a checkpoint; where what it holds first is not what is looked for, another model within it may be.
  ///
  /// - Parameters:
  ///   - path: see ``open(_:preferringEMA:)``.
  ///   - preferringEMA: whether averaged weights come first.
  ///   - isKnown: whether the tensors are those that are looked for.
  /// - Throws: as ``open(_:preferringEMA:)``. A checkpoint with nothing that is looked for is given as it is.
  public static func open(
    _ path: String, preferringEMA: Bool = false, lookingFor isKnown: (Checkpoint) -> Bool
  ) throws -> Checkpoint {
    let checkpoint = try open(path, preferringEMA: preferringEMA)
    guard !isKnown(checkpoint) else { return checkpoint }
    return checkpoint.innerModels(preferringEMA: preferringEMA).first(where: isKnown) ?? checkpoint
  }

  /// The models inside a training program's checkpoint that holds other tensors beside them: the tensors under a usual prefix,
  /// such as `model.`, by the rest of their names.
  ///
  /// - Parameter preferringEMA: whether averages come first, and not last.
  public func innerModels(preferringEMA: Bool = false) -> [Checkpoint] {
    WeightNames.prefixes(preferringAverages: preferringEMA).compactMap { part(under: $0) }
  }

  private func part(under prefix: String) -> Checkpoint? {
    var part = contents
    part.tensors = [:]
    for (name, tensor) in contents.tensors where name.hasPrefix(prefix) {
      part.tensors[WeightNames.stripped(String(name.dropFirst(prefix.count)))] = tensor
    }
    return part.tensors.isEmpty ? nil : Checkpoint(sourceName, format, files, part)
  }
}
