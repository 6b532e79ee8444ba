import ARPGTensor

extension ActiveControl {
  /// Whether the control does anything at all: a strength of 0, an empty window or an empty region is no control.
  public var isOn: Bool {
    strength != 0 && !window.isEmpty && (region?.contains { $0 != 0 } ?? true)
  }
}

extension [[ActiveControl]] {
  /// The condition tokens of some positions of some images, by their places in the batch, by layer,
  /// `[rows * images, positions, dim]`: for each row of a sample the sum over the controls given for it, and zero where there are none. Only for controls that act at this moment: one that does not is
  /// not added at all, so that the result is that without it, bit for bit.
  func conditions(at positions: [Int], images: [Int]) -> [Int: Tensor] {
    var sums: [Int: Tensor] = [:]
    for (row, controls) in enumerated() {
      for control in controls {
        for (layer, tokens) in control.condition.tokens {
          let dim = tokens.shape[2]
          let sum = sums[layer] ?? Tensor(shape: [count * images.count, positions.count, dim], repeating: 0)
          sums[layer] = sum
          control.add(tokens, at: positions, images: images, to: sum, row: row)
        }
      }
    }
    return sums
  }
}

extension ActiveControl {
  /// Adds `strength · region · tokens` at some positions to one row of every sample.
  fileprivate func add(_ tokens: Tensor, at positions: [Int], images: [Int], to sum: Tensor, row: Int) {
    let count = tokens.shape[1], dim = tokens.shape[2]
    tokens.withValues { tokens in
      sum.withUnsafeMutableValues { sum in
        for (place, image) in images.enumerated() {
          let source = tokens.count == count * dim ? 0 : image * count * dim
          for (slot, position) in positions.enumerated() {
            let factor = strength * (region?[position] ?? 1)
            guard factor != 0 else { continue }
            let from = source + position * dim, to = ((row * images.count + place) * positions.count + slot) * dim
            for index in 0..<dim { sum[to + index] += factor * tokens[from + index] }
          }
        }
      }
    }
  }
}
