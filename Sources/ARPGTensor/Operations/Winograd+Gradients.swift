/// Backward passes of Winograd convolutions: the same products at the points of tiles, with the transforms transposed.
extension WinogradTiling {
  /// The gradient of the weights, from the input and the gradient of the output.
  ///
  /// The tiles of the batch are taken in runs, long enough to be worth a product, and the runs are shared out to a number
  /// of sums; both depend on the sizes alone, so that the result does too.
  func weightGradient(_ input: Tensor, _ gradient: Tensor) -> Tensor {
    let units = shape.batch * groups
    let together = min(units, max(1, Self.longestRun / groupTiles))
    let runs = (units + together - 1) / together
    let sums = min(runs, Self.maxSums)
    let count = shape.outputs * shape.inputs, weightStep = Self.step(count)
    let inputStep = Self.step(shape.inputs * together * groupTiles)
    let outputStep = Self.step(shape.outputs * together * groupTiles)
    let total = Tensor(shape: [sums, points * weightStep], repeating: 0)
    Parallel.forEach(sums, scratch: points * (inputStep + outputStep) + max(patchCount, count)) { sum, inputPoints in
      let outputPoints = inputPoints + points * inputStep
      let rest = outputPoints + points * outputStep
      let target = total.mutablePointer + sum * points * weightStep
      for run in sum * runs / sums..<(sum + 1) * runs / sums {
        let members = run * together..<min(units, (run + 1) * together)
        let length = members.reduce(0) { $0 + area($1 % groups).count }
        var start = 0
        for member in members {
          let sample = member / groups, area = area(member % groups)
          transform(
            input.pointer + sample * shape.inputs * shape.inPixels, area, to: inputPoints + start, line: length,
            step: inputStep, patch: rest)
          transformGradient(
            gradient.pointer + sample * shape.outputs * shape.outPixels, area, to: outputPoints + start, line: length,
            step: outputStep)
          start += area.count
        }
        for point in 0..<points {
          kernels.linear(
            outputPoints + point * outputStep, length, inputPoints + point * inputStep, rest, shape.inputs,
            shape.outputs, shape.inputs, length)
          kernels.add_scaled(rest, 1, target + point * weightStep, count)
        }
      }
    }
    return plainWeights(total.summedRows(), step: weightStep)
  }

  /// How many sums of weight gradients there are at most; each is as large as the transformed weights.
  private static let maxSums = 8
  /// The tiles of a run, where they are many.
  private static let longestRun = 512

  /// The points of the gradient of an area's tiles, `[points, outputs, tiles]`; `line` floats from one channel to the
  /// next.
  private func transformGradient(
    _ image: UnsafePointer<Float>, _ area: Area, to points: UnsafeMutablePointer<Float>, line length: Int, step: Int
  ) {
    let kernel = doubled ? winograd.doubled_output_gradient : winograd.output_gradient
    for channel in 0..<shape.outputs {
      for (index, row) in area.rows.enumerated() {
        let pixel = channel * shape.outPixels + 2 * row * shape.outWidth + 2 * area.columns.lowerBound
        kernel?(
          image + pixel, shape.outWidth, points + channel * length + index * area.columns.count, step,
          area.columns.count)
      }
    }
  }

  /// The gradient of the weights from that of their points.
  private func plainWeights(_ points: Tensor, step: Int) -> Tensor {
    let result = Tensor(uninitialized: [shape.outputs, shape.inputs, 3, 3])
    Parallel.forRanges(shape.outputs * shape.inputs, grain: 1 << 12) { range in
      let kernel = doubled ? winograd.doubled_weights_gradient : winograd.weights_gradient
      kernel?(points.pointer + range.lowerBound, step, result.mutablePointer + range.lowerBound * 9, range.count)
    }
    return result
  }
}

extension ConvolutionShape {
  /// The convolution that takes the gradient of the output to that of the input, before pixels that were one are added;
  /// nil where the output is smaller than the input.
  var turned: ConvolutionShape? {
    resampling == .halved
      ? nil
      : ConvolutionShape(
        batch: batch, inputs: outputs, outputs: inputs, kernel: kernel, height: outHeight, width: outWidth)
  }
}

extension Tensor {
  /// Weights `[outputs, inputs, k, k]` as the backward pass applies them: `[inputs, outputs, k, k]`, turned by half a turn;
  /// not recorded.
  func turnedWeights() -> Tensor {
    let outputs = shape[0], inputs = shape[1], taps = shape[2] * shape[3]
    return Tensor(shape: [inputs, outputs, shape[2], shape[3]]) { turned in
      for output in 0..<outputs {
        for input in 0..<inputs {
          let source = pointer + (output * inputs + input) * taps, target = (input * outputs + output) * taps
          for tap in 0..<taps { turned[target + tap] = source[taps - 1 - tap] }
        }
      }
    }
  }

  /// The sums of squares of two by two pixels: `[batch, channels, 2 * height, 2 * width]` to half the sides; not recorded.
  func summedSquares() -> Tensor {
    let height = shape[2] / 2, width = shape[3] / 2
    let result = Tensor(uninitialized: [shape[0], shape[1], height, width])
    Parallel.forRanges(shape[0] * shape[1] * height, grain: 64) { lines in
      for line in lines {
        let upper = pointer + line * 4 * width, lower = upper + 2 * width
        let target = result.mutablePointer + line * width
        for i in 0..<width { target[i] = (upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1]) }
      }
    }
    return result
  }
}
