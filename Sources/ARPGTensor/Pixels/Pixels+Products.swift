import ARPGKernels

extension Pixels {
  /// A convolution of one pixel at a time, with a bias `[outputs]`, plus what is added.
  ///
  /// - Parameter weights: `[outputs, channels]`, in half precision.
  package func product(
    _ weights: PackedMatrix, bias: Tensor, adding other: Pixels? = nil, _ memory: PixelMemory
  ) -> Pixels {
    precondition(
      weights.precision == .float16 && weights.inputs == channels && bias.shape == [weights.outputs],
      "[\(weights.outputs), \(weights.inputs)] in \(weights.precision.rawValue) cannot be applied to \(channels) channels"
    )
    let span = TimeByPart.begin(.convolutions)
    defer { span.end() }
    TimeByPart.count(weightBytes: weights.byteCount, operations: 2 * weights.outputs * weights.inputs * count)
    let result = Pixels(height: height, width: width, channels: weights.outputs, memory)
    let outputs = result.stride, offsets = bias.padded(to: outputs)
    Parallel.forRanges(count, grain: max(8, 1 << 20 / max(1, stride * outputs))) { pixels in
      let target = result.storage.base + pixels.lowerBound * outputs
      // A panel that is not full holds zeros behind its weights.
      packedKernels.linear_float16(
        storage.base + pixels.lowerBound * stride, stride,
        weights.address(ofPanel: 0).assumingMemoryBound(to: UInt16.self), target, outputs, pixels.count, outputs,
        channels
      )
      for pixel in 0..<pixels.count { kernels.add_scaled(offsets.pointer, 1, target + pixel * outputs, outputs) }
      if let other {
        kernels.add_scaled(
          other.storage.base + pixels.lowerBound * outputs, 1, target, pixels.count * outputs)
      }
    }
    return result
  }

  /// Scaled dot-product attention of one head of all channels, from every pixel to every pixel; keys and values of the same size.
  package func attended(keys: Pixels, values: Pixels, _ memory: PixelMemory) -> Pixels {
    let span = TimeByPart.begin(.attention)
    defer { span.end() }
    let result = Pixels(height: height, width: width, channels: channels, memory)
    let block = 16, blocks = (count + block - 1) / block
    let scale = 1 / Float(channels).squareRoot()
    Parallel.forEach(blocks, scratch: Int(ARPG_ATTEND_QUERIES) * count) { index, scratch in
      let first = index * block
      kernels.attend(
        storage.base + first * stride, stride, keys.storage.base, values.storage.base, stride,
        result.storage.base + first * stride, stride, min(block, count - first), count, stride, scale, count, scratch)
    }
    return result
  }
}

extension Tensor {
  /// The values, with zeros behind them.
  func padded(to count: Int) -> Tensor {
    Tensor(shape: [count], values: values + [Float](repeating: 0, count: count - self.count))
  }
}
