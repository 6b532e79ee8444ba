import ARPG

/// A drawing or an edge map, its lines separated from the paper.
public struct Sketch: Sendable {
  /// Whether the lines are darker than the paper.
  public let isDarkOnLight: Bool
  /// The strength of each line, 0 on the paper and 255 at full ink.
  public let ink: Plane

  /// Finds the lines of a drawing: what differs from the paper, in the direction of the stronger differences, beyond the
  /// paper's own noise.
  public init(_ image: Image) {
    let grey = image.greyValues
    let differences = Background(of: grey, width: image.width, height: image.height).differences(of: grey)
    let magnitudes = Histogram(magnitudesOf: differences)
    let contrast = Float(max(magnitudes.level(exceeding: 0.9998), 1))
    let lighter = differences.count { $0 > 0.4 * contrast }
    let darker = differences.count { $0 < -0.4 * contrast }
    isDarkOnLight = darker > lighter
    let sign: Float = isDarkOnLight ? -1 : 1
    // Three standard deviations of normal noise, by the median of its magnitude.
    let noise = 4.45 * Float(magnitudes.level(exceeding: 0.5))
    let range = contrast - noise
    ink = Plane(
      width: image.width, height: image.height,
      values: differences.map { range >= 4 ? max(0, min((sign * $0 - noise) * 255 / range, 255)) : 0 })
  }

  /// The lines, bright on black, as an encoder of edges takes them.
  ///
  /// The drawing is padded to the shape of `size`, so that nothing of it is cut off, and averaged down, so that thin
  /// strokes survive as grey. Then it is stretched: what has 5/8 of the strongest lines is at full brightness, so that a
  /// stroke across two pixels is about as bright as one that fills a pixel.
  public func image(size: ImageSize?) -> Image {
    let plane = size.map { scaled(to: $0) } ?? ink
    let levels = plane.values.map { $0.rounded(.toNearestOrEven) }
    let lines = Histogram(levels.lazy.filter { $0 >= 8 }.map { Int($0) }, levels: 256)
    let strongest = Float(max(lines.level(exceeding: 0.98), 8))
    let gain = 1.6 * 255 / strongest
    return Image(width: plane.width, height: plane.height, grey: levels.map { UInt8(min($0 * gain, 255)) })
  }

  private func scaled(to size: ImageSize) -> Plane {
    let padded = ink.padded(toAspectOf: size, with: 0)
    return padded.resized(to: size, filter: padded.width < size.width ? .bilinear : .area)
  }
}
