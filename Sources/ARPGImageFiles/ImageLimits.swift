/// What an image file may ask for before it is decoded.
public struct ImageLimits: Sendable, Equatable {
  /// The most pixels along one side.
  public let side: Int
  /// The most pixels altogether.
  public let pixels: Int
  /// The most bytes of the file.
  public let bytes: Int

  /// Limits; see the properties.
  public init(side: Int = 32768, pixels: Int = 100_000_000, bytes: Int = 1 << 30) {
    self.side = side
    self.pixels = pixels
    self.bytes = bytes
  }

  /// Sides of 32768 pixels, 100 megapixels, files of a gibibyte.
  public static let `default` = ImageLimits()

  /// Throws ``ImageFileError/tooLarge(path:found:expected:)`` where an image of that size is over the limits.
  package func check(width: Int, height: Int, path: String) throws {
    guard width <= side, height <= side, width * height <= pixels else {
      throw ImageFileError.tooLarge(
        path: path, found: "declares \(width) x \(height) pixels",
        expected: "sides of at most \(side) and at most \(pixels) pixels")
    }
  }
}
