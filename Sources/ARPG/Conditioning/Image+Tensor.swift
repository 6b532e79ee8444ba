import ARPGImages
import ARPGTensor

extension Image {
  /// The image as a tokenizer or a vision encoder takes it: `[3, height, width]`, `x / 127.5 - 1`.
  public var tensor: Tensor {
    let count = width * height
    return Tensor(shape: [3, height, width]) { target in
      pixels.withUnsafeBufferPointer { source in
        for channel in 0..<3 {
          for pixel in 0..<count { target[channel * count + pixel] = Float(source[pixel * 3 + channel]) / 127.5 - 1 }
        }
      }
    }
  }

  /// The image of a decoder's output `[3, height, width]`: `127.5 y + 128`, clamped to 0...255 and truncated; black
  /// where a value is not a number. Traps for any other shape.
  public init(tensor: Tensor) {
    precondition(tensor.shape.count == 3 && tensor.shape[0] == 3, "the shape \(tensor.shape) is not [3, height, width]")
    let count = tensor.shape[1] * tensor.shape[2]
    let pixels = [UInt8](unsafeUninitializedCapacity: count * 3) { target, initialized in
      tensor.withValues { values in
        for pixel in 0..<count {
          for channel in 0..<3 {
            let value = (127.5 * values[channel * count + pixel] + 128).clamped(to: 0...255)
            target.initializeElement(at: pixel * 3 + channel, to: UInt8(value))
          }
        }
      }
      initialized = count * 3
    }
    self.init(width: tensor.shape[2], height: tensor.shape[1], pixels: pixels)
  }
}

extension Plane {
  /// The plane as a control image `[3, height, width]`, three times the same, 0...1 moved to -1...1.
  public var controlTensor: Tensor {
    Tensor(shape: [3, height, width]) { target in
      for channel in 0..<3 {
        for (index, value) in values.enumerated() { target[channel * values.count + index] = value * 2 - 1 }
      }
    }
  }
}
