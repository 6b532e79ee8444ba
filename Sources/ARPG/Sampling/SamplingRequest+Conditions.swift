import ARPGTensor

extension SamplingRequest {
  /// Which predictions guidance needs.
  var guidanceMode: GuidanceMode {
    if settings.controlGuidance != nil { return .separate }
    return settings.guidance == 1 ? .none : .joint
  }

  /// The tokens in front of the first pass, `[rows, length, dim]`: the prefixes of all controls, one behind the other, in
  /// conditional rows and their null in unconditional ones; the null class where no control gives a prefix.
  func prefix(for decoder: Decoder, mode: GuidanceMode) -> Tensor {
    let dim = decoder.configuration.dim
    let prefixes = controls.filter(\.isOn).compactMap(\.condition.prefix)
    let null = decoder.embed([decoder.configuration.nullClassRow]).reshaped(1, 1, dim)
    let conditional = prefixes.map(\.embeddings).joinedRepeating(count) ?? [null].joinedRepeating(count)
    let unconditional = prefixes.map(\.null).joinedRepeating(count) ?? [null].joinedRepeating(count)
    guard let conditional, let unconditional else { preconditionFailure("a prefix has at least one token") }
    let parts = (0..<mode.rowsPerSample).map { row in
      mode != .none && row == mode.rowsPerSample - 1 ? unconditional : conditional
    }
    let values = parts.flatMap(\.values)
    return Tensor(shape: [mode.rowsPerSample * count, conditional.shape[1], dim], values: values)
  }
}

extension [Tensor] {
  /// Joins tensors `[1 or batch, n, dim]` along their middle axis, repeating those of batch 1; nil for none.
  fileprivate func joinedRepeating(_ batch: Int) -> Tensor? {
    let whole = map { part in
      part.shape[0] == batch
        ? part
        : Tensor(
          shape: [batch] + part.shape.dropFirst(), values: repeatElement(part.values, count: batch).flatMap { $0 })
    }
    return whole.dropFirst().reduce(whole.first) { $0?.joined(with: $1) }
  }
}

extension ActiveControl {
  /// Whether the control does anything at all: a strength of 0, an empty window or an empty region is no control.
  public var isOn: Bool {
    strength != 0 && !window.isEmpty && (region?.contains { $0 != 0 } ?? true)
  }
}

extension [ActiveControl] {
  /// The condition tokens of some positions, by layer, `[rowsPerSample * images, positions, dim]`: the sum over the
  /// controls that act at this moment, and zero in the rows that guidance leaves unconditional.
  ///
  /// A control that does not act is not added at all, so that the result is that without it, bit for bit.
  func conditions(
    at positions: [Int], fractionDone: Double, images: Int, rowsPerSample: Int
  ) -> [Int: Tensor] {
    var sums: [Int: Tensor] = [:]
    for control in self where control.isOn && control.window.contains(fractionDone) {
      for (layer, tokens) in control.condition.tokens {
        let dim = tokens.shape[2]
        let sum = sums[layer] ?? Tensor(shape: [rowsPerSample * images, positions.count, dim], repeating: 0)
        sums[layer] = sum
        control.add(tokens, at: positions, images: images, to: sum)
      }
    }
    return sums
  }
}

extension ActiveControl {
  /// Adds `strength · region · tokens` at some positions to the first `images` rows.
  fileprivate func add(_ tokens: Tensor, at positions: [Int], images: Int, to sum: Tensor) {
    let count = tokens.shape[1], dim = tokens.shape[2]
    tokens.withValues { tokens in
      sum.withUnsafeMutableValues { sum in
        for image in 0..<images {
          let source = tokens.count == count * dim ? 0 : image * count * dim
          for (slot, position) in positions.enumerated() {
            let factor = strength * (region?[position] ?? 1)
            guard factor != 0 else { continue }
            let from = source + position * dim, to = (image * positions.count + slot) * dim
            for index in 0..<dim { sum[to + index] += factor * tokens[from + index] }
          }
        }
      }
    }
  }
}
