extension Tensor {
  /// Normalises groups of channels over all their pixels, then scales each channel by its gain and bias, and applies SiLU
  /// where asked: `[batch, channels, height, width]`, `[channels]` and `[channels]`.
  ///
  /// Source: Wu and He, arXiv 1803.08494.
  public func groupNorm(groups: Int, gain: Tensor, bias: Tensor, eps: Float, silu: Bool) -> Tensor {
    let span = TimeByPart.begin(.groupNorms)
    defer { span.end() }
    precondition(
      shape.count == 4 && shape[1] % groups == 0 && gain.shape == [shape[1]] && bias.shape == [shape[1]],
      "\(groups) groups with a gain of \(gain.shape) do not fit images \(shape)")
    let channels = shape[1] / groups, pixels = shape[2] * shape[3]
    let result = Tensor(uninitialized: shape)
    Parallel.forEach(shape[0] * groups) { index in
      let start = index * channels * pixels, channel = index % groups * channels
      kernels.group_norm(
        pointer + start, gain.pointer + channel, bias.pointer + channel, eps, silu ? 1 : 0,
        result.mutablePointer + start, channels, pixels)
    }
    return result.recorded(from: [self, gain, bias]) { gradient in
      let slope = Tensor(uninitialized: shape)
      let gains = Tensor(uninitialized: [shape[0], shape[1]]), biases = Tensor(uninitialized: [shape[0], shape[1]])
      Parallel.forEach(shape[0] * groups) { index in
        let start = index * channels * pixels, first = index * channels, channel = index % groups * channels
        kernels.group_norm_gradient(
          pointer + start, gain.pointer + channel, bias.pointer + channel, eps, silu ? 1 : 0,
          gradient.pointer + start, slope.mutablePointer + start, gains.mutablePointer + first,
          biases.mutablePointer + first, channels, pixels)
      }
      return [slope, gains.summedRows(), biases.summedRows()]
    }
  }
}
