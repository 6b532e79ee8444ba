extension Tensor {
  /// A convolution of images `[batch, inputs, height, width]` with weights `[outputs, inputs, k, k]`, `k` 1 or 3, and a
  /// bias `[outputs]`, to `[batch, outputs, height', width']`.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs, k, k]`.
  ///   - bias: `[outputs]`.
  ///   - resampling: whether the output has the size of the input, half or twice its sides; only with a kernel of 3.
  public func conv2d(_ weight: Tensor, bias: Tensor, resampling: Resampling = .none) -> Tensor {
    let span = TimeByPart.begin(.convolutions)
    defer { span.end() }
    let shape = ConvolutionShape(input: self, weight: weight, bias: bias, resampling: resampling)
    TimeByPart.count(weightBytes: 4 * weight.count, operations: 2 * weight.count * shape.batch * shape.outPixels)
    let tiling = WinogradTiling(shape)
    let result = tiling?.convolve(self, weight, bias) ?? shape.convolve(self, weight, bias)
    return result.recorded(from: [self, weight, bias]) {
      [needsInput = isTracked, needsWeight = weight.isTracked] gradient in
      [
        needsInput ? shape.tiledInputGradient(weight, gradient) ?? shape.inputGradient(weight, gradient) : nil,
        needsWeight ? tiling?.weightGradient(self, gradient) ?? shape.weightGradient(self, gradient) : nil,
        gradient.summedPlanes(),
      ]
    }
  }

  /// The sum over the batch and the pixels: `[batch, channels, height, width]` to `[channels]`; not recorded.
  private func summedPlanes() -> Tensor {
    let channels = shape[1], pixels = shape[2] * shape[3]
    let sum = Tensor(shape: [channels], repeating: 0)
    Parallel.forEach(channels) { channel in
      var total = 0.0
      for start in stride(from: channel * pixels, to: count, by: channels * pixels) {
        var lanes = SIMD16<Float>.zero, last: Float = 0
        let plane = UnsafeRawPointer(pointer + start)
        for index in 0..<pixels / 16 {
          lanes += plane.loadUnaligned(fromByteOffset: index * 64, as: SIMD16<Float>.self)
        }
        for index in pixels / 16 * 16..<pixels { last += pointer[start + index] }
        total += Double(lanes.sum()) + Double(last)
      }
      sum.mutablePointer[channel] = Float(total)
    }
    return sum
  }
}

extension ConvolutionShape {
  /// The products of the weights and the columns of a block of pixels at a time.
  fileprivate func convolve(_ input: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [batch, outputs, outHeight, outWidth])
    let length = blockLength(depth: depth)
    let blocks = (outPixels + length - 1) / length
    Parallel.forEach(batch * blocks, scratch: isPointwise ? 0 : depth * length) { index, columns in
      let (sample, block) = index.quotientAndRemainder(dividingBy: blocks)
      let pixels = block * length..<min(outPixels, (block + 1) * length)
      let image = input.pointer + sample * inputs * inPixels
      let output = result.mutablePointer + sample * outputs * outPixels + pixels.lowerBound
      for channel in 0..<outputs {
        (output + channel * outPixels).update(repeating: bias.pointer[channel], count: pixels.count)
      }
      if !isPointwise { writeColumns(of: image, channels: 0..<inputs, pixels: pixels, to: columns) }
      kernels.multiply(
        weight.pointer, depth, 1, isPointwise ? image + pixels.lowerBound : UnsafePointer(columns),
        isPointwise ? inPixels : pixels.count, 1, output, outPixels, outputs, pixels.count, depth, 1)
    }
    return result
  }

  /// The gradient of the input as a convolution of its own; nil where plain columns are the better way.
  fileprivate func tiledInputGradient(_ weight: Tensor, _ gradient: Tensor) -> Tensor? {
    guard let tiling = turned.flatMap(WinogradTiling.init) else { return nil }
    let zeros = Tensor(shape: [inputs], repeating: 0)
    let convolved = tiling.convolve(gradient.detached(), weight.detached().turnedWeights(), zeros)
    return resampling == .doubled ? convolved.summedSquares() : convolved
  }

  /// The input channels that one thread handles in a backward pass; no two threads write to the same channel.
  private static let channelsPerPiece = 16

  fileprivate func inputGradient(_ weight: Tensor, _ gradient: Tensor) -> Tensor {
    let result = Tensor(shape: [batch, inputs, height, width], repeating: 0)
    let pieces = (inputs + Self.channelsPerPiece - 1) / Self.channelsPerPiece
    let length = blockLength(depth: Self.channelsPerPiece * taps)
    Parallel.forEach(batch * pieces, scratch: Self.channelsPerPiece * taps * length) { index, columns in
      let (sample, piece) = index.quotientAndRemainder(dividingBy: pieces)
      let channels = piece * Self.channelsPerPiece..<min(inputs, (piece + 1) * Self.channelsPerPiece)
      let image = result.mutablePointer + sample * inputs * inPixels
      let output = gradient.pointer + sample * outputs * outPixels
      for start in stride(from: 0, to: outPixels, by: length) {
        let pixels = start..<min(outPixels, start + length)
        kernels.multiply(
          weight.pointer + channels.lowerBound * taps, 1, depth, output + start, outPixels, 1, columns, pixels.count,
          channels.count * taps, pixels.count, outputs, 0)
        addColumns(columns, channels: channels, pixels: pixels, to: image)
      }
    }
    return result
  }

  fileprivate func weightGradient(_ input: Tensor, _ gradient: Tensor) -> Tensor {
    let result = Tensor(shape: [outputs, inputs, kernel, kernel], repeating: 0)
    let pieces = (inputs + Self.channelsPerPiece - 1) / Self.channelsPerPiece
    let length = blockLength(depth: Self.channelsPerPiece * taps)
    Parallel.forEach(pieces, scratch: Self.channelsPerPiece * taps * length) { piece, columns in
      let channels = piece * Self.channelsPerPiece..<min(inputs, (piece + 1) * Self.channelsPerPiece)
      for sample in 0..<batch {
        let image = input.pointer + sample * inputs * inPixels
        let output = gradient.pointer + sample * outputs * outPixels
        for start in stride(from: 0, to: outPixels, by: length) {
          let pixels = start..<min(outPixels, start + length)
          writeColumns(of: image, channels: channels, pixels: pixels, to: columns)
          kernels.multiply(
            output + start, outPixels, 1, columns, 1, pixels.count,
            result.mutablePointer + channels.lowerBound * taps, depth, outputs, channels.count * taps, pixels.count, 1)
        }
      }
    }
    return result
  }
}
