import ARPG

/// How even the colours of an image are within the parts that it should show.
///
/// The pixels of a part, borders left out, are near its main colour where they differ from it in brightness, as light and shadow
/// make them, but not in hue: in linear light, their directions in the colour cube are within 14 degrees of the main one's, and
/// their lengths within a factor of 5 of the middle one. The main colour is the direction with the most pixels near it.
public struct ColourEvenness: Sendable {
  /// The number of pixels that were looked at.
  public let pixels: Int
  /// The number of those that are near the main colour of their part.
  public let even: Int

  /// The share of pixels near the main colour of their part; nil where no part is large enough to tell.
  public var share: Double? { pixels > 0 ? Double(even) / Double(pixels) : nil }

  private static let leastCosine: Float = 0.97
  private static let brightness: Float = 5
  private static let leastPixels = 24

  /// Looks at an image.
  ///
  /// - Parameters:
  ///   - image: the image.
  ///   - parts: the number of the part at each pixel, 0 for none; see `RenderedScene.parts`.
  ///   - border: how many pixels from the border of a part on are left out. Traps where `parts` has another size.
  public init(of image: Image, parts: [UInt8], border: Int) {
    precondition(parts.count == image.width * image.height, "the parts have another size than the image")
    var colours: [UInt8: [SIMD3<Float>]] = [:]
    for row in border..<max(border, image.height - border) {
      for column in border..<max(border, image.width - border) {
        let pixel = row * image.width + column, part = parts[pixel]
        guard part != 0 else { continue }
        let isInner = (-border...border).allSatisfy { y in
          (-border...border).allSatisfy { parts[pixel + y * image.width + $0] == part }
        }
        if isInner { colours[part, default: []].append(Self.linear(image, pixel)) }
      }
    }
    let large = colours.values.filter { $0.count >= Self.leastPixels }
    pixels = large.reduce(0) { $0 + $1.count }
    even = large.reduce(0) { $0 + Self.even($1) }
  }

  /// How many colours of a part are near its main one.
  private static func even(_ colours: [SIMD3<Float>]) -> Int {
    let lengths = colours.map { ($0 * $0).sum().squareRoot() }
    let middle = lengths.sorted()[lengths.count / 2]
    let directions = zip(colours, lengths).map { $0 / max($1, 1e-6) }
    func near(_ direction: SIMD3<Float>) -> Int {
      zip(directions, lengths).count { other, length in
        (other * direction).sum() >= leastCosine && length * brightness >= middle && length <= middle * brightness
      }
    }
    // Some of the pixels, evenly spread, stand in for all directions.
    let step = max(1, directions.count / 64)
    return stride(from: 0, to: directions.count, by: step).map { near(directions[$0]) }.max() ?? 0
  }

  private static func linear(_ image: Image, _ pixel: Int) -> SIMD3<Float> {
    func value(_ channel: Int) -> Float {
      let level = Float(image.pixels[pixel * 3 + channel]) / 255
      // Close to the exponent of 2.2 that scenes are rendered with.
      return level * level * (0.75 + 0.25 * level)
    }
    return SIMD3(value(0), value(1), value(2))
  }
}
