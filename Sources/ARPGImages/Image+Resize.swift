extension Image {
  /// The image in another size, computed as Pillow does: 8-bit fixed point, rows first, columns then. The deep grey
  /// plane is dropped.
  public func resized(to size: ImageSize, filter: ResamplingFilter) -> Image {
    resized(to: size, columns: 0..<size.width, rows: 0..<size.height, filter: filter)
  }

  /// A window of the image in another size; only what the window needs is computed.
  func resized(to size: ImageSize, columns: Range<Int>, rows: Range<Int>, filter: ResamplingFilter) -> Image {
    precondition(size.width > 0 && size.height > 0, "an image of \(size.width) x \(size.height) has no pixels")
    let horizontal = ResamplingWeights(input: width, output: size.width, window: columns, filter: filter)
    let vertical = ResamplingWeights(input: height, output: size.height, window: rows, filter: filter)
    let needed = vertical.inputs
    let narrowed =
      size.width == width && columns == 0..<width
      ? Array(pixels[needed.lowerBound * width * 3..<needed.upperBound * width * 3])
      : horizontallyResampled(horizontal, rows: needed)
    let stride = columns.count * 3
    let resampled =
      size.height == height && rows == 0..<height
      ? narrowed : Self.verticallyResampled(narrowed, stride: stride, firstRow: needed.lowerBound, vertical)
    return Image(width: columns.count, height: rows.count, pixels: resampled)
  }

  private func horizontallyResampled(_ axis: ResamplingWeights, rows: Range<Int>) -> [UInt8] {
    let weights = FixedPoint.weights(axis)
    let columns = axis.starts.count
    return [UInt8](unsafeUninitializedCapacity: columns * rows.count * 3) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for (outputRow, row) in rows.enumerated() {
          for column in 0..<columns {
            var (red, green, blue) = (FixedPoint.half, FixedPoint.half, FixedPoint.half)
            var pixel = (row * width + axis.starts[column]) * 3
            for tap in axis.offsets[column]..<axis.offsets[column + 1] {
              let weight = weights[tap]
              red &+= Int32(source[pixel]) &* weight
              green &+= Int32(source[pixel + 1]) &* weight
              blue &+= Int32(source[pixel + 2]) &* weight
              pixel += 3
            }
            let output = (outputRow * columns + column) * 3
            target.initializeElement(at: output, to: FixedPoint.byte(red))
            target.initializeElement(at: output + 1, to: FixedPoint.byte(green))
            target.initializeElement(at: output + 2, to: FixedPoint.byte(blue))
          }
        }
      }
      count = columns * rows.count * 3
    }
  }

  private static func verticallyResampled(
    _ pixels: [UInt8], stride: Int, firstRow: Int, _ axis: ResamplingWeights
  ) -> [UInt8] {
    let weights = FixedPoint.weights(axis)
    let rows = axis.starts.count
    return [UInt8](unsafeUninitializedCapacity: rows * stride) { target, count in
      var sums = [Int32](repeating: 0, count: stride)
      pixels.withUnsafeBufferPointer { source in
        for row in 0..<rows {
          for index in 0..<stride { sums[index] = FixedPoint.half }
          var start = (axis.starts[row] - firstRow) * stride
          for tap in axis.offsets[row]..<axis.offsets[row + 1] {
            let weight = weights[tap]
            for index in 0..<stride { sums[index] &+= Int32(source[start + index]) &* weight }
            start += stride
          }
          for index in 0..<stride {
            target.initializeElement(at: row * stride + index, to: FixedPoint.byte(sums[index]))
          }
        }
      }
      count = rows * stride
    }
  }
}

/// Weights and sums with 22 bits after the point.
private enum FixedPoint {
  static let bits: Int32 = 22
  static let half: Int32 = 1 << (bits - 1)

  static func weights(_ axis: ResamplingWeights) -> [Int32] {
    axis.weights.map { Int32(($0 * Double(1 << bits)).rounded(.toNearestOrAwayFromZero)) }
  }

  static func byte(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> bits) }
}
