extension Model {
  /// The picture so far of an image that is being decoded: cells without a code show a grey chequerboard.
  ///
  /// - Parameters:
  ///   - codes: in raster order; anything where a position is not decoded.
  ///   - isDecoded: which positions are decoded.
  public func preview(of codes: [Int], isDecoded: [Bool]) throws -> Image {
    let picture = try picture(of: codes)
    let grid = decoder.configuration.grid
    let cell = ImageSize(width: picture.width / grid, height: picture.height / grid)
    var pixels = picture.pixels
    for (position, isKnown) in isDecoded.enumerated() where !isKnown {
      let (row, column) = position.quotientAndRemainder(dividingBy: grid)
      for y in row * cell.height..<(row + 1) * cell.height {
        for x in column * cell.width..<(column + 1) * cell.width {
          let isLight = (2 * y / cell.height + 2 * x / cell.width) % 2 == 0
          let start = (y * picture.width + x) * 3
          pixels.replaceSubrange(start..<start + 3, with: repeatElement(isLight ? 208 : 176, count: 3))
        }
      }
    }
    return Image(width: picture.width, height: picture.height, pixels: pixels)
  }
}
