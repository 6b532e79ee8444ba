extension Checkpoint {
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
