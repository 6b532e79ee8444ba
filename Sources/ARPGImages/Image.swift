/// An image in memory: 8-bit sRGB, rows from the top, pixels from the left.
public struct Image: Sendable, Equatable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// Red, green and blue of each pixel: `width * height * 3` values.
  public let pixels: [UInt8]
  /// The same image in 16-bit grey, `width * height` values, where the source had that precision (depth maps do).
  public let deepGrey: [UInt16]?
  /// How opaque each pixel is, `width * height` values; nil where all are. Colours are those over white.
  public let alpha: [UInt8]?

  /// An image of the pixels given. Traps where their number does not match the size.
  public init(width: Int, height: Int, pixels: [UInt8], deepGrey: [UInt16]? = nil, alpha: [UInt8]? = nil) {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) has no pixels")
    precondition(pixels.count == width * height * 3, "\(pixels.count) bytes are not \(width) x \(height) RGB pixels")
    precondition(deepGrey == nil || deepGrey?.count == width * height, "the deep grey plane has another size")
    precondition(alpha == nil || alpha?.count == width * height, "the alpha plane has another size")
    self.width = width
    self.height = height
    self.pixels = pixels
    self.deepGrey = deepGrey
    self.alpha = alpha
  }

  /// A grey image: each value becomes red, green and blue.
  public init(width: Int, height: Int, grey: [UInt8]) {
    let pixels = [UInt8](unsafeUninitializedCapacity: grey.count * 3) { target, count in
      for (index, value) in grey.enumerated() { target[index * 3..<index * 3 + 3].initialize(repeating: value) }
      count = grey.count * 3
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// Whether red, green and blue are equal everywhere.
  public var isGrey: Bool {
    stride(from: 0, to: pixels.count, by: 3).allSatisfy { start in
      let red = pixels[start]
      return red == pixels[start + 1] && red == pixels[start + 2]
    }
  }
}
