import ARPG
import ARPGTensor

/// Makes edges more like what people draw, so that an encoder trained on edges takes sketches.
///
/// Each change has a probability of its own, 0...1. Lengths are those of a picture of 128 pixels and grow with it.
public struct EdgeAugmentation: Sendable, Equatable {
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
    gaps: Double = 0.45, strayStrokes: Double = 0.25, wobble: Double = 0.5, thickness: Double = 0.5,
    blur: Double = 0.35, gain: Double = 0.3
  ) {
    self.gaps = gaps
    self.strayStrokes = strayStrokes
    self.wobble = wobble
    self.thickness = thickness
    self.blur = blur
    self.gain = gain
  }

  /// No change at all.
  public static let none = EdgeAugmentation(gaps: 0, strayStrokes: 0, wobble: 0, thickness: 0, blur: 0, gain: 0)

  /// Changes edges, 1 on a line and 0 elsewhere. The result, in 0...1, is a function of the edges and the stream.
  public func applied(to edges: Plane, using random: inout PhiloxStream) -> Plane {
    var lines = LineDrawing(edges)
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
