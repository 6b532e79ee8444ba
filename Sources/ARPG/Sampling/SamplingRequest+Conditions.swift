import ARPGTensor

extension ActiveControl {
  /// Whether the control does anything at all: a strength of 0, an empty window or an empty region is no control.
  public var isOn: Bool {
    strength != 0 && !window.isEmpty && (region?.contains { $0 != 0 } ?? true)
  }
}

/// What some images of a batch are conditioned on in a step.
struct StepControls {
  /// Their places in the batch.
  let images: Range<Int>
  /// For each row of a sample its controls, which act at this moment: one that does not is not added at all, so that the result is that
  /// without it, bit for bit.
  let rows: [[ActiveControl]]
}

extension [StepControls] {
  /// The condition tokens of some positions of all images of a batch, those of each part behind those of the last, by layer,
  /// `[rows * images, positions, dim]`: for each row of a sample the sum over its controls, and zero where there are none.
  func conditions(at positions: DecodingPositions) -> [Int: Tensor] {
    let images = last?.images.upperBound ?? 0
    var sums: [Int: Tensor] = [:]
    for part in self {
      for (row, controls) in part.rows.enumerated() {
        for control in controls {
          for (layer, tokens) in control.condition.tokens {
            let dim = tokens.shape[2], shape = [part.rows.count * images, positions.count, dim]
            let sum = sums[layer] ?? Tensor(shape: shape, repeating: 0)
            sums[layer] = sum
            control.add(tokens, at: positions, images: part.images, to: sum, from: row * images)
          }
        }
      }
    }
    return sums
  }
}

extension ActiveControl {
  /// Adds `strength · region · tokens` at some positions of some images to a row of each sample.
  ///
  /// - Parameter first: where the rows of all images begin in the sum.
  fileprivate func add(
    _ tokens: Tensor, at positions: DecodingPositions, images: Range<Int>, to sum: Tensor, from first: Int
  ) {
    let count = tokens.shape[1], dim = tokens.shape[2]
    tokens.withValues { tokens in
      sum.withUnsafeMutableValues { sum in
        for image in images {
          let source = tokens.count == count * dim ? 0 : (image - images.lowerBound) * count * dim
          for (slot, position) in positions[image].enumerated() {
            let factor = strength * (region?[position] ?? 1)
            guard factor != 0 else { continue }
            let from = source + position * dim, to = ((first + image) * positions.count + slot) * dim
            for index in 0..<dim { sum[to + index] += factor * tokens[from + index] }
          }
        }
      }
    }
  }
}
