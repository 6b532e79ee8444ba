extension Plane {
  /// The plane in another size, computed in floats: rows first, columns then.
  public func resized(to size: ImageSize, filter: ResamplingFilter) -> Plane {
    resized(to: size, columns: 0..<size.width, rows: 0..<size.height, filter: filter)
  }

  /// The centre of the plane, scaled so that it just covers the size: by the filter given, or averaged by area when shrinking
  /// and bicubic when enlarging.
  public func centreCropped(to size: ImageSize, filter: ResamplingFilter? = nil) -> Plane {
    let scale = max(Double(size.width) / Double(width), Double(size.height) / Double(height))
    let covering = ImageSize(
      width: max(size.width, Int((Double(width) * scale).rounded(.toNearestOrEven))),
      height: max(size.height, Int((Double(height) * scale).rounded(.toNearestOrEven))))
    let left = (covering.width - size.width) / 2
    let top = (covering.height - size.height) / 2
    return resized(
      to: covering, columns: left..<left + size.width, rows: top..<top + size.height,
      filter: filter ?? (scale > 1 ? .bicubic : .area))
  }

  private func resized(to size: ImageSize, columns: Range<Int>, rows: Range<Int>, filter: ResamplingFilter) -> Plane {
    precondition(size.width > 0 && size.height > 0, "a plane of \(size.width) x \(size.height) has no pixels")
    let horizontal = ResamplingWeights(input: width, output: size.width, window: columns, filter: filter)
    let vertical = ResamplingWeights(input: height, output: size.height, window: rows, filter: filter)
    let needed = vertical.inputs
    var narrowed = [Float](repeating: 0, count: columns.count * needed.count)
    for (outputRow, row) in needed.enumerated() {
      for column in 0..<columns.count {
        var sum = 0.0
        let start = row * width + horizontal.starts[column] - horizontal.offsets[column]
        for tap in horizontal.offsets[column]..<horizontal.offsets[column + 1] {
          sum += Double(values[start + tap]) * horizontal.weights[tap]
        }
        narrowed[outputRow * columns.count + column] = Float(sum)
      }
    }
    var sums = [Double](repeating: 0, count: columns.count)
    var resampled: [Float] = []
    resampled.reserveCapacity(columns.count * rows.count)
    for row in 0..<rows.count {
      for column in 0..<columns.count { sums[column] = 0 }
      var start = (vertical.starts[row] - needed.lowerBound) * columns.count
      for tap in vertical.offsets[row]..<vertical.offsets[row + 1] {
        let weight = vertical.weights[tap]
        for column in 0..<columns.count { sums[column] += Double(narrowed[start + column]) * weight }
        start += columns.count
      }
      resampled += sums.map { Float($0) }
    }
    return Plane(width: columns.count, height: rows.count, values: resampled)
  }
}
