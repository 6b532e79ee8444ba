extension Tensor {
  /// Folds squares of `side` x `side` pixels into channels: `[batch, channels, height, width]` to
  /// `[batch, channels * side * side, height / side, width / side]`, the pixels of a channel next to each other.
  public func pixelUnshuffle(_ side: Int) -> Tensor {
    precondition(
      shape.count == 4 && shape[2] % side == 0 && shape[3] % side == 0, "squares of \(side) do not tile \(shape)")
    if side == 1 { return self }
    let folded = [shape[0], shape[1] * side * side, shape[2] / side, shape[3] / side]
    let result = Tensor(uninitialized: folded)
    Self.forEachFoldedPixel(folded, side) { result.mutablePointer[$0] = pointer[$1] }
    return result.recorded(from: [self]) { [$0.pixelShuffle(side)] }
  }

  /// Unfolds channels into squares of `side` x `side` pixels; the inverse of ``pixelUnshuffle(_:)``.
  ///
  /// Source: Shi et al., arXiv 1609.05158.
  public func pixelShuffle(_ side: Int) -> Tensor {
    precondition(shape.count == 4 && shape[1] % (side * side) == 0, "no squares of \(side) in channels of \(shape)")
    if side == 1 { return self }
    let result = Tensor(uninitialized: [shape[0], shape[1] / (side * side), shape[2] * side, shape[3] * side])
    Self.forEachFoldedPixel(shape, side) { result.mutablePointer[$1] = pointer[$0] }
    return result.recorded(from: [self]) { [$0.pixelUnshuffle(side)] }
  }

  /// Calls `body` with the place of each value in the folded shape and in the unfolded one.
  private static func forEachFoldedPixel(_ folded: [Int], _ side: Int, _ body: (Int, Int) -> Void) {
    let height = folded[2], width = folded[3]
    for plane in 0..<folded[0] * folded[1] {
      let (channel, square) = plane.quotientAndRemainder(dividingBy: side * side)
      let corner = channel * height * width * side * side + square / side * width * side + square % side
      for row in 0..<height {
        let source = (plane * height + row) * width
        let target = corner + row * side * width * side
        for column in 0..<width { body(source + column, target + column * side) }
      }
    }
  }
}
