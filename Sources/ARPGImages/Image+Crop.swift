extension Image {
  /// A part of the image, without its deep grey and alpha planes.
  public func cropped(columns: Range<Int>, rows: Range<Int>) -> Image {
    Image(
      width: columns.count, height: rows.count,
      pixels: rows.flatMap { row in
        pixels[(row * width + columns.lowerBound) * 3..<(row * width + columns.upperBound) * 3]
      })
  }

  /// The image at a place of a larger one, its outermost pixels continued to the borders.
  package func continued(to size: ImageSize, columns: Range<Int>, rows: Range<Int>) -> Image {
    var canvas: [UInt8] = []
    canvas.reserveCapacity(size.width * size.height * 3)
    for y in 0..<size.height {
      let row = min(max(y - rows.lowerBound, 0), height - 1)
      for x in 0..<size.width {
        let start = (row * width + min(max(x - columns.lowerBound, 0), width - 1)) * 3
        canvas.append(contentsOf: pixels[start..<start + 3])
      }
    }
    return Image(width: size.width, height: size.height, pixels: canvas)
  }
}

extension Plane {
  /// A part of the plane.
  public func cropped(columns: Range<Int>, rows: Range<Int>) -> Plane {
    Plane(
      width: columns.count, height: rows.count,
      values: rows.flatMap { row in values[row * width + columns.lowerBound..<row * width + columns.upperBound] })
  }
}
