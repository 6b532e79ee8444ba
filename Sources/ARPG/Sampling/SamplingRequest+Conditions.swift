import ARPGTensor

extension ActiveControl {
  /// Whether the control does anything at all: a strength of 0, an empty window or an empty region is no control.
  public var isOn: Bool {
    strength != 0 && !window.isEmpty && (region?.contains { $0 != 0 } ?? true)
  }
}

extension [ActiveControl] {
  /// The condition tokens of some positions, by layer, `[rowsPerSample * images, positions, dim]`: the sum over the
  /// controls, and zero in the rows that guidance leaves unconditional. Only for controls that act at this moment: one that
  /// does not is not added at all, so that the result is that without it, bit for bit.
  func conditions(at positions: [Int], images: Int, rowsPerSample: Int) -> [Int: Tensor] {
    var sums: [Int: Tensor] = [:]
    for control in self {
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
