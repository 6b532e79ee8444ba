extension Tensor {
  /// Scaled dot-product attention of one head of all channels, from every pixel to every pixel: queries, keys and values
  /// `[batch, channels, height, width]` to the same shape.
  public func attendSpatially(keys: Tensor, values: Tensor) -> Tensor {
    let span = TimeByPart.begin(.attention)
    defer { span.end() }
    precondition(
      shape.count == 4 && keys.shape == shape && values.shape == shape,
      "queries \(shape), keys \(keys.shape) and values \(values.shape) are not of one shape")
    let work = SpatialAttention(batch: shape[0], channels: shape[1], pixels: shape[2] * shape[3])
    let result = Tensor(uninitialized: shape)
    Parallel.forEach(work.batch * work.blocks, scratch: work.scratch) { index, scores in
      let (sample, block) = index.quotientAndRemainder(dividingBy: work.blocks)
      let start = sample * work.stride
      let queries = work.queries(block)
      work.probabilities(queries, pointer + start, keys.pointer + start, into: scores)
      kernels.multiply(
        values.pointer + start, work.pixels, 1, scores, 1, work.pixels,
        result.mutablePointer + start + queries.lowerBound, work.pixels, work.channels, queries.count, work.pixels, 0)
    }
    return result.recorded(from: [self, keys, values]) { gradient in
      let (queries, keys, values) = work.gradients(queries: self, keys: keys, values: values, output: gradient)
      return [queries, keys, values]
    }
  }
}

/// The sizes of one attention over pixels. Scores exist for a block of queries at a time, so that memory grows with the
/// number of pixels and not with its square.
private struct SpatialAttention: Sendable {
  let batch, channels, pixels: Int

  private static let blockLength = 64

  var blocks: Int { (pixels + Self.blockLength - 1) / Self.blockLength }
  /// The floats of a block of scores.
  var scratch: Int { Self.blockLength * pixels }
  /// The floats of a sample.
  var stride: Int { channels * pixels }
  private var scale: Float { 1 / Float(channels).squareRoot() }

  func queries(_ block: Int) -> Range<Int> {
    block * Self.blockLength..<min(pixels, (block + 1) * Self.blockLength)
  }

  /// `[queries, pixels]`.
  func probabilities(
    _ range: Range<Int>, _ queries: UnsafePointer<Float>, _ keys: UnsafePointer<Float>,
    into scores: UnsafeMutablePointer<Float>
  ) {
    kernels.multiply(
      queries + range.lowerBound, 1, pixels, keys, pixels, 1, scores, pixels, range.count, pixels, channels, 0)
    kernels.softmax(scores, pixels, scale, range.count, pixels)
  }

  func gradients(queries q: Tensor, keys k: Tensor, values v: Tensor, output dy: Tensor) -> (Tensor, Tensor, Tensor) {
    let dq = Tensor(uninitialized: q.shape)
    let dk = Tensor(shape: q.shape, repeating: 0)
    let dv = Tensor(shape: q.shape, repeating: 0)
    Parallel.forEach(batch, scratch: 2 * scratch) { sample, p in
      let start = sample * stride
      let dp = p + scratch
      for block in 0..<blocks {
        let range = self.queries(block)
        let first = start + range.lowerBound
        probabilities(range, q.pointer + start, k.pointer + start, into: p)
        kernels.multiply(  // dV += dY P
          dy.pointer + first, pixels, 1, p, pixels, 1, dv.mutablePointer + start, pixels, channels, pixels, range.count,
          1)
        kernels.multiply(  // dP = dYᵀ V
          dy.pointer + first, 1, pixels, v.pointer + start, pixels, 1, dp, pixels, range.count, pixels, channels, 0)
        for row in 0..<range.count {
          let (p, dp) = (p + row * pixels, dp + row * pixels)
          var sum: Float = 0
          for j in 0..<pixels { sum += p[j] * dp[j] }
          for j in 0..<pixels { dp[j] = p[j] * (dp[j] - sum) * scale }
        }
        kernels.multiply(  // dQ = K dSᵀ
          k.pointer + start, pixels, 1, dp, 1, pixels, dq.mutablePointer + first, pixels, channels, range.count, pixels,
          0)
        kernels.multiply(  // dK += Q dS
          q.pointer + first, pixels, 1, dp, pixels, 1, dk.mutablePointer + start, pixels, channels, pixels, range.count,
          1)
      }
    }
    return (dq, dk, dv)
  }
}
