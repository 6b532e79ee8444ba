extension Model {
  /// The image so far of codes that are being decoded: cells without a code show a grey chequerboard.
  ///
  /// - Parameters:
  ///   - codes: in raster order; anything where a position is not decoded.
  ///   - isDecoded: which positions are decoded.
  public func preview(of codes: [Int], isDecoded: [Bool]) throws -> Image {
    let image = try image(of: codes)
    let cell = ImageSize(width: image.width / layout.columns, height: image.height / layout.rows)
    var pixels = image.pixels
    for (position, isKnown) in isDecoded.enumerated() where !isKnown {
      let (row, column) = position.quotientAndRemainder(dividingBy: layout.columns)
      for y in row * cell.height..<(row + 1) * cell.height {
        for x in column * cell.width..<(column + 1) * cell.width {
          let isLight = (2 * y / cell.height + 2 * x / cell.width) % 2 == 0
          let start = (y * image.width + x) * 3
          pixels.replaceSubrange(start..<start + 3, with: repeatElement(isLight ? 208 : 176, count: 3))
        }
      }
    }
    return Image(width: image.width, height: image.height, pixels: pixels)
  }
}
