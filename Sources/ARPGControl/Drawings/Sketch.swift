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
    let grey = image.inkLevels
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

  /// Lines on a canvas, bright on black, as an encoder of edges takes them.
  ///
  /// They are averaged down, so that thin strokes survive as grey, and then stretched: what has 5/8 of the strongest lines is
  /// at full brightness, so that a stroke across two pixels is about as bright as one that fills a pixel.
  ///
  /// - Parameters:
  ///   - ink: of the canvas's source, 0 to 255.
  ///   - canvas: where the source lies.
  public static func image(of ink: Plane, on canvas: FittedImage) -> Image {
    let plane = canvas.place(ink, filter: ink.width < canvas.size.width ? .bilinear : nil, outside: 0)
    let levels = plane.values.map { min(max($0, 0), 255).rounded(.toNearestOrEven) }
    let lines = Histogram(levels.lazy.filter { $0 >= 8 }.map { Int($0) }, levels: 256)
    let strongest = Float(max(lines.level(exceeding: 0.98), 8))
    let gain = 1.6 * 255 / strongest
    return Image(width: plane.width, height: plane.height, grey: levels.map { UInt8(min($0 * gain, 255)) })
  }
}

extension Image {
  /// The levels in which lines are looked for: grey over white; of ink of one colour on transparency, how opaque it is.
  fileprivate var inkLevels: [UInt8] {
    guard let alpha else { return greyValues }
    let grey = greyOverBlack.values
    var least: Float = 1, largest: Float = 0, opaque = 0
    for (value, alpha) in zip(grey, alpha) where alpha >= 128 {
      let own = value * 255 / Float(alpha)
      (least, largest) = (min(least, own), max(largest, own))
      opaque += 1
    }
    let isOneColour = opaque > 0 && 2 * opaque < alpha.count && largest - least < 0.1
    return isOneColour ? alpha.map { 255 - $0 } : greyValues
  }
}
