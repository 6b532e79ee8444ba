extension PreparedControl {
  /// How much the control says in each cell of a grid, in raster order, 0 or more: the mean of ``detail`` over the cell, or where
  /// that is not given, of how much ``image`` changes from each pixel to those right of it and below, over its three channels.
  /// Nil where there is neither.
  package func detail(rows: Int, columns: Int) -> [Float]? {
    (detail ?? image?.changes)?.resized(to: ImageSize(width: columns, height: rows), filter: .box).values
      .map { $0.isFinite ? max(0, $0) : 0 }
  }
}

extension Image {
  /// The sum of the absolute differences between each pixel and those right of it and below.
  fileprivate var changes: Plane {
    var values: [Float] = []
    values.reserveCapacity(width * height)
    for y in 0..<height {
      for x in 0..<width {
        let pixel = (y * width + x) * 3
        var sum = 0
        for channel in pixel..<pixel + 3 {
          let value = Int(pixels[channel])
          if x + 1 < width { sum += abs(Int(pixels[channel + 3]) - value) }
          if y + 1 < height { sum += abs(Int(pixels[channel + 3 * width]) - value) }
        }
        values.append(Float(sum))
      }
    }
    return Plane(width: width, height: height, values: values)
  }
}
