import ARPG

/// A depth map as an encoder takes it: 0 far, 1 near, stretched to its own range.
public struct DepthMap: Sendable {
  /// What the values of a depth map mean.
  public enum Encoding: String, Sendable, CaseIterable {
    /// Steps of nearness, as depth estimators write them.
    case inverse
    /// Distances, 0 being unknown.
    case metric
  }

  /// The depth of each pixel of the source, in 0 ... 1; unknown ones are far.
  public let plane: Plane
  /// Whether no pixel is nearer than another.
  public let isFlat: Bool
  /// Whether the source has colours beyond those of a compressed grey image.
  public let isColoured: Bool

  /// Reads a depth map. One without differences is 0.5 everywhere.
  ///
  /// - Parameters:
  ///   - image: grey; 16-bit precision is used where the image has it. Transparent pixels are unknown.
  ///   - encoding: what the values mean. Distances are inverted; unknown ones count as far.
  ///   - isNearDark: whether dark is near, where the encoding is ``Encoding/inverse``.
  ///   - visible: the columns and rows whose range is stretched; nil for all.
  public init(
    _ image: Image, encoding: Encoding = .inverse, isNearDark: Bool = false,
    visible: (columns: Range<Int>, rows: Range<Int>)? = nil
  ) {
    // In place, since maps may be large.
    var values = image.greyOverBlack.values
    var known = image.alpha.map { $0.map { $0 >= 128 } } ?? Array(repeating: true, count: values.count)
    if let alpha = image.alpha {
      for index in values.indices where known[index] { values[index] *= 255 / Float(alpha[index]) }
    }
    switch encoding {
    case .inverse where isNearDark: for index in values.indices { values[index] = 1 - values[index] }
    case .inverse: break
    case .metric:
      for index in values.indices {
        known[index] = known[index] && values[index] > 0
        values[index] = values[index] > 0 ? 1 / values[index] : 0
      }
    }
    let columns = visible?.columns ?? 0..<image.width, rows = visible?.rows ?? 0..<image.height
    var counted: [Float] = []
    counted.reserveCapacity(columns.count * rows.count)
    for row in rows {
      for column in columns where known[row * image.width + column] {
        counted.append(values[row * image.width + column])
      }
    }
    let range = Self.range(of: &counted)
    isFlat = range.map { $0.lowerBound == $0.upperBound } ?? true
    for index in values.indices {
      if let range, !known[index] || range.lowerBound < range.upperBound {
        let share = (values[index] - range.lowerBound) / (range.upperBound - range.lowerBound)
        values[index] = known[index] ? min(max(share, 0), 1) : 0
      } else {
        values[index] = 0.5
      }
    }
    plane = Plane(width: image.width, height: image.height, values: values)
    isColoured = Self.isColoured(image)
  }

  /// The depth on a canvas; padding is far.
  public func plane(on canvas: FittedImage) -> Plane {
    let placed = canvas.place(plane, outside: 0)
    return canvas.isSourceSize ? placed : placed.map { max(0, min($0, 1)) }
  }

  /// The smallest and the largest value that counts; without the few pixels beyond where they take more than a tenth of the range,
  /// as single hot pixels do. Nil where none counts. Sorts the values.
  private static func range(of sorted: inout [Float]) -> ClosedRange<Float>? {
    sorted.sort()
    guard let low = sorted.first, let high = sorted.last else { return nil }
    let few = sorted.count / 4096
    let (inner, outer) = (sorted[few], sorted[sorted.count - 1 - few])
    guard few > 0, inner < outer, outer - inner < 0.9 * (high - low) else { return low...high }
    return inner...outer
  }

  /// Whether red, green and blue differ by more than compression makes them, in more than one pixel of a hundred.
  private static func isColoured(_ image: Image) -> Bool {
    var coloured = 0
    for start in stride(from: 0, to: image.pixels.count, by: 3) {
      let (red, green, blue) = (image.pixels[start], image.pixels[start + 1], image.pixels[start + 2])
      if max(red, green, blue) - min(red, green, blue) > 24 { coloured += 1 }
    }
    return 100 * coloured > image.width * image.height
  }
}
