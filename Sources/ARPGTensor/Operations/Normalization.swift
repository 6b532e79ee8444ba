extension Tensor {
  /// `x / sqrt(mean(x²) + eps) · gain` over the last axis: `[..., dim]` and `[dim]`.
  ///
  /// Source: Zhang and Sennrich, arXiv 1910.07467.
  public func rmsNorm(gain: Tensor, eps: Float) -> Tensor {
    let span = TimeByPart.begin(.norms)
    defer { span.end() }
    let dim = lastAxis
    precondition(gain.count == dim, "a gain of shape \(gain.shape) does not fit rows of \(shape)")
    let result = Tensor(uninitialized: shape)
    Parallel.forRanges(count / dim, grain: rowGrain) { rows in
      let start = rows.lowerBound * dim
      kernels.rms_norm(pointer + start, gain.pointer, eps, result.mutablePointer + start, rows.count, dim)
    }
    return result.recorded(from: [self, gain]) { gradient in
      let (input, weight) = self.rmsNormGradients(gain: gain, eps: eps, gradient: gradient)
      return [input, weight]
    }
  }

  /// `(x - mean) / sqrt(variance + eps) · gain + bias` over the last axis: `[..., dim]`, `[dim]` and `[dim]`.
  ///
  /// Source: Ba, Kiros and Hinton, arXiv 1607.06450.
  public func layerNorm(gain: Tensor, bias: Tensor, eps: Float) -> Tensor {
    let span = TimeByPart.begin(.norms)
    defer { span.end() }
    let dim = lastAxis
    precondition(gain.count == dim && bias.count == dim, "gain and bias do not fit rows of \(shape)")
    let result = Tensor(uninitialized: shape)
    Parallel.forRanges(count / dim, grain: rowGrain) { rows in
      let start = rows.lowerBound * dim
      kernels.layer_norm(
        pointer + start, gain.pointer, bias.pointer, eps, result.mutablePointer + start, rows.count, dim)
    }
    return result.recorded(from: [self, gain, bias]) { gradient in
      let (input, weight) = self.layerNormGradients(gain: gain, eps: eps, gradient: gradient)
      return [input, weight, gradient.summedRows()]
    }
  }

  /// How many rows make a piece of work worth a thread.
  var rowGrain: Int { max(1, 1 << 14 / max(1, lastAxis)) }

  /// The pieces in which rows add to the gradient of a gain; their number does not depend on that of threads.
  private static let pieces = 16

  private func rmsNormGradients(gain: Tensor, eps: Float, gradient: Tensor) -> (Tensor, Tensor) {
    let dim = lastAxis, rows = count / dim
    let input = Tensor(uninitialized: shape)
    let weights = Tensor(shape: [Self.pieces, dim], repeating: 0)
    Parallel.forEach(Self.pieces) { piece in
      let part = piece * rows / Self.pieces..<(piece + 1) * rows / Self.pieces
      let start = part.lowerBound * dim
      kernels.rms_norm_gradient(
        pointer + start, gain.pointer, eps, gradient.pointer + start, input.mutablePointer + start,
        weights.mutablePointer + piece * dim, part.count, dim)
    }
    return (input, weights.summedRows())
  }

  private func layerNormGradients(gain: Tensor, eps: Float, gradient: Tensor) -> (Tensor, Tensor) {
    let dim = lastAxis, rows = count / dim
    let input = Tensor(uninitialized: shape)
    let weights = Tensor(shape: [Self.pieces, dim], repeating: 0)
    Parallel.forEach(Self.pieces) { piece in
      for row in piece * rows / Self.pieces..<(piece + 1) * rows / Self.pieces {
        let start = row * dim, weight = weights.mutablePointer + piece * dim
        let x = pointer + start, dy = gradient.pointer + start, dx = input.mutablePointer + start
        var mean: Float = 0, variance: Float = 0
        for i in 0..<dim { mean += x[i] }
        mean /= Float(dim)
        for i in 0..<dim { variance += (x[i] - mean) * (x[i] - mean) }
        let scale = 1 / (variance / Float(dim) + eps).squareRoot()
        var sum: Float = 0, projection: Float = 0
        for i in 0..<dim {
          let g = dy[i] * gain.pointer[i]
          sum += g
          projection += g * (x[i] - mean) * scale
        }
        for i in 0..<dim {
          let normalized = (x[i] - mean) * scale
          dx[i] = scale * (dy[i] * gain.pointer[i] - (sum + normalized * projection) / Float(dim))
          weight[i] += dy[i] * normalized
        }
      }
    }
    return (input, weights.summedRows())
  }
}
