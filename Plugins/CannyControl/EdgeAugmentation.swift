import ARPG
import ARPGTensor

/// Makes edges more like what people draw, so that an encoder trained on edges takes sketches.
///
/// Each change has a probability of its own, 0...1. Lengths are those of a picture of 128 pixels and grow with it.
public struct EdgeAugmentation: Sendable, Equatable {
  /// That outlines, where they are given, stand in for the edges.
  public var outlines: Double
  /// That pieces are missing.
  public var gaps: Double
  /// That there are strokes that mean nothing.
  public var strayStrokes: Double
  /// That lines waver.
  public var wobble: Double
  /// That lines are thicker.
  public var thickness: Double
  /// That lines are soft.
  public var blur: Double
  /// That lines are stronger or weaker.
  public var gain: Double

  /// The probabilities of each change.
  public init(
    outlines: Double = 0.2, gaps: Double = 0.45, strayStrokes: Double = 0.25, wobble: Double = 0.5,
    thickness: Double = 0.5, blur: Double = 0.35, gain: Double = 0.3
  ) {
    self.outlines = outlines
    self.gaps = gaps
    self.strayStrokes = strayStrokes
    self.wobble = wobble
    self.thickness = thickness
    self.blur = blur
    self.gain = gain
  }

  /// No change at all.
  public static let none = EdgeAugmentation(
    outlines: 0, gaps: 0, strayStrokes: 0, wobble: 0, thickness: 0, blur: 0, gain: 0)

  /// Changes edges, 1 on a line and 0 elsewhere. The result, in 0...1, is a function of the edges and the stream.
  ///
  /// - Parameters:
  ///   - edges: those of a picture, with its shadows and textures.
  ///   - outlines: those of the shapes alone, as people draw them, such as the edges of a depth map.
  ///   - random: the stream to draw from.
  public func applied(to edges: Plane, outlines: Plane? = nil, using random: inout PhiloxStream) -> Plane {
    let isReplaced = random.chance(self.outlines)
    var lines = LineDrawing(isReplaced ? outlines ?? edges : edges)
    if random.chance(gaps) {
      for _ in 0..<random.integer(in: 1..<6) { lines.erase(using: &random) }
    }
    if random.chance(strayStrokes) {
      for _ in 0..<random.integer(in: 1..<3) { lines.scribble(using: &random) }
    }
    if random.chance(wobble) { lines.waver(using: &random) }
    if random.chance(thickness) { lines.thicken(to: max(2, lines.scaled(random.integer(in: 2..<5)))) }
    var plane = lines.plane
    if random.chance(blur) { plane = plane.blurred(sigma: random.uniform(0.5, 1), radius: 1) }
    let factor = random.chance(gain) ? random.uniform(0.6, 1.6) : 1
    return plane.map { max(0, min($0 * factor, 1)) }
  }
}
