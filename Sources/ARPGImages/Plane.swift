/// An image of one float a pixel, rows from the top, pixels from the left: what controls compute with.
public struct Plane: Sendable, Equatable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// `width * height` values.
  public let values: [Float]

  /// A plane of the values given. Traps where their number does not match the size.
  public init(width: Int, height: Int, values: [Float]) {
    precondition(width > 0 && height > 0, "a plane of \(width) x \(height) has no pixels")
    precondition(values.count == width * height, "\(values.count) values are not \(width) x \(height) pixels")
    self.width = width
    self.height = height
    self.values = values
  }

  /// A plane of each value changed.
  public func map(_ transform: (Float) -> Float) -> Plane {
    Plane(width: width, height: height, values: values.map(transform))
  }

  /// The plane with a border that gives it the aspect ratio of `size`, itself in the middle: nothing is cut off.
  public func padded(toAspectOf size: ImageSize, with value: Float) -> Plane {
    let paddedWidth = max(width, (height * size.width + size.height - 1) / size.height)
    let paddedHeight = max(height, (width * size.height + size.width - 1) / size.width)
    guard paddedWidth != width || paddedHeight != height else { return self }
    let (left, top) = ((paddedWidth - width) / 2, (paddedHeight - height) / 2)
    var padded = [Float](repeating: value, count: paddedWidth * paddedHeight)
    for row in 0..<height {
      let start = (top + row) * paddedWidth + left
      padded.replaceSubrange(start..<start + width, with: values[row * width..<(row + 1) * width])
    }
    return Plane(width: paddedWidth, height: paddedHeight, values: padded)
  }

  /// The image of the plane: 0 becomes black and 1 white, rounded; values beyond are clamped.
  public var image: Image {
    Image(width: width, height: height, grey: values.map { UInt8(($0.clamped(to: 0...1) * 255).rounded()) })
  }
}

extension Float {
  /// The nearest value within a range; the lower bound for what is not a number.
  package func clamped(to range: ClosedRange<Float>) -> Float {
    self >= range.lowerBound ? Swift.min(self, range.upperBound) : range.lowerBound
  }
}
