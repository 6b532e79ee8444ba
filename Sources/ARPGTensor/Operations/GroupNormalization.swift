import Foundation

extension Tensor {
  /// Normalises groups of channels over all their pixels, then scales each channel by its gain and bias, and applies SiLU
  /// where asked: `[batch, channels, height, width]`, `[channels]` and `[channels]`.
  ///
  /// Source: Wu and He, arXiv 1803.08494.
  public func groupNorm(groups: Int, gain: Tensor, bias: Tensor, eps: Float, silu: Bool) -> Tensor {
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
      let group = GroupNormalization(channels: channels, pixels: pixels, groups: groups, eps: eps, silu: silu)
      return group.gradients(input: self, gain: gain, bias: bias, output: gradient)
    }
  }
}

/// The sizes of one group normalisation, for its backward pass.
private struct GroupNormalization: Sendable {
  /// Of one group.
  let channels, pixels: Int
  let groups: Int
  let eps: Float
  let silu: Bool

  func gradients(input: Tensor, gain: Tensor, bias: Tensor, output: Tensor) -> [Tensor?] {
    let slope = Tensor(uninitialized: input.shape)
    let gains = Tensor(uninitialized: [input.shape[0], groups * channels])
    let biases = Tensor(uninitialized: gains.shape)
    Parallel.forEach(input.shape[0] * groups) { index in
      let start = index * channels * pixels, first = index * channels, channel = index % groups * channels
      accumulate(
        input.pointer + start, gain.pointer + channel, bias.pointer + channel, output.pointer + start,
        slope: slope.mutablePointer + start, gains: gains.mutablePointer + first,
        biases: biases.mutablePointer + first)
    }
    return [slope, gains.summedRows(), biases.summedRows()]
  }

  private func accumulate(
    _ x: UnsafePointer<Float>, _ gain: UnsafePointer<Float>, _ bias: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    slope: UnsafeMutablePointer<Float>, gains: UnsafeMutablePointer<Float>, biases: UnsafeMutablePointer<Float>
  ) {
    let count = channels * pixels
    var sum = 0.0, square = 0.0
    for i in 0..<count { sum += Double(x[i]) }
    let mean = Float(sum / Double(count))
    for i in 0..<count { square += Double((x[i] - mean) * (x[i] - mean)) }
    let scale = 1 / (Float(square / Double(count)) + eps).squareRoot()
    // What the gradient of the normalised values has of their mean and of themselves.
    var level = 0.0, projection = 0.0
    for channel in 0..<channels {
      var gainSum = 0.0, biasSum = 0.0
      for i in channel * pixels..<(channel + 1) * pixels {
        let normalized = (x[i] - mean) * scale
        let value = normalized * gain[channel] + bias[channel]
        let sigmoid = 1 / (1 + exp(-value))
        let gradient = silu ? dy[i] * sigmoid * (1 + value * (1 - sigmoid)) : dy[i]
        slope[i] = gradient
        gainSum += Double(gradient * normalized)
        biasSum += Double(gradient)
      }
      gains[channel] = Float(gainSum)
      biases[channel] = Float(biasSum)
      level += biasSum * Double(gain[channel])
      projection += gainSum * Double(gain[channel])
    }
    let shift = Float(level / Double(count)), pull = Float(projection / Double(count))
    for channel in 0..<channels {
      for i in channel * pixels..<(channel + 1) * pixels {
        slope[i] = scale * (slope[i] * gain[channel] - shift - (x[i] - mean) * scale * pull)
      }
    }
  }
}
