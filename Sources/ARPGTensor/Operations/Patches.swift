extension Tensor {
  /// Cuts images into squares of `side` x `side` pixels: `[batch, channels, height, width]` to
  /// `[batch, height / side * width / side, channels * side * side]`. Squares are in raster order; in each, one channel
  /// follows the other, its pixels in raster order.
  public func unfoldingPatches(_ side: Int) -> Tensor {
    precondition(
      shape.count == 4 && side > 0 && shape[2] % side == 0 && shape[3] % side == 0,
      "patches of \(side) do not tile images of shape \(shape)")
    let images = shape
    let patches = Tensor(
      uninitialized: [images[0], images[2] / side * (images[3] / side), images[1] * side * side])
    Self.forEachPatchRow(of: images, side) { image, patch in
      (patches.mutablePointer + patch).initialize(from: pointer + image, count: side)
    }
    return patches.recorded(from: [self]) { gradient in
      let folded = Tensor(uninitialized: images)
      Self.forEachPatchRow(of: images, side) { image, patch in
        (folded.mutablePointer + image).initialize(from: gradient.pointer + patch, count: side)
      }
      return [folded]
    }
  }

  /// Calls `body` for each run of `side` pixels with its place in the images and in the patches.
  private static func forEachPatchRow(of images: [Int], _ side: Int, _ body: (Int, Int) -> Void) {
    let (batch, channels, height, width) = (images[0], images[1], images[2], images[3])
    let columns = width / side
    for plane in 0..<batch * channels {
      let (image, channel) = plane.quotientAndRemainder(dividingBy: channels)
      for y in 0..<height {
        let (row, inner) = y.quotientAndRemainder(dividingBy: side)
        for column in 0..<columns {
          let patch = (image * (height / side) + row) * columns + column
          body((plane * height + y) * width + column * side, ((patch * channels + channel) * side + inner) * side)
        }
      }
    }
  }
}
