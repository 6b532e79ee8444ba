/// One image whose channels lie side by side, for inference alone: nothing here is differentiable.
///
/// With its weights in half precision a convolution takes a quarter of the multiplications (tiles of 4 x 4 outputs),
/// and what comes before and after it, a normalisation with SiLU, a bias and an addition, costs no pass over the image. The bits of a result
/// depend neither on threads nor on the processor.
package struct Pixels: Sendable {
  /// The sizes.
  package let height, width, channels: Int
  /// `[height, width, stride]`; zeros behind the channels of a pixel.
  let storage: TensorStorage

  /// The floats from one pixel to the next, a whole number of panels.
  var stride: Int { Self.stride(channels) }
  var count: Int { height * width }

  static func stride(_ channels: Int) -> Int { (channels + panel - 1) / panel * panel }
  /// The channels that one kernel takes at a time.
  static let panel = PackedMatrix.panel

  /// An image whose values are not set yet.
  init(height: Int, width: Int, channels: Int, _ memory: PixelMemory) {
    (self.height, self.width, self.channels) = (height, width, channels)
    storage = memory.take(height * width * Self.stride(channels))
  }

  /// Rows of channels as pixels in raster order: `[..., channels]`.
  package init(rows: Tensor, height: Int, width: Int, _ memory: PixelMemory) {
    self.init(height: height, width: width, channels: rows.lastAxis, memory)
    precondition(rows.count == count * channels, "\(rows.shape) is no image of \(width) x \(height)")
    for pixel in 0..<count {
      let target = storage.base + pixel * stride
      target.update(from: rows.pointer + pixel * channels, count: channels)
      (target + channels).update(repeating: 0, count: stride - channels)
    }
  }

  /// Channel by channel: `[1, channels, height, width]`.
  package var tensor: Tensor {
    let result = Tensor(uninitialized: [1, channels, height, width])
    Parallel.forRanges(count, grain: 1 << 12) { pixels in
      for channel in 0..<channels {
        let plane = result.mutablePointer + channel * count
        for pixel in pixels { plane[pixel] = storage.base[pixel * stride + channel] }
      }
    }
    return result
  }
}

/// Memory of images that are done with, for those that come: fresh memory costs its first writing. For one thread.
package final class PixelMemory {
  private var free: [TensorStorage] = []

  package init() {}

  /// Memory for some floats, not initialised.
  func take(_ count: Int) -> TensorStorage {
    let fitting = free.indices.filter { free[$0].count >= count }
    guard let index = fitting.min(by: { free[$0].count < free[$1].count }) else {
      // What is too small would be kept for nothing.
      free.removeAll { $0.count < count }
      return TensorStorage(count: count)
    }
    return free.remove(at: index)
  }

  /// Gives back the memory of an image that nobody reads any more.
  package func give(_ image: Pixels) { give(image.storage) }
  func give(_ storage: TensorStorage) { free.append(storage) }
}
