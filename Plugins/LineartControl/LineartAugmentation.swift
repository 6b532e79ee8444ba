import ARPG
import ARPGTensor

/// Makes lines fainter or stronger and a little softer, as other detectors and pens do.
///
/// Each change has a probability of its own, 0...1.
public struct LineartAugmentation: Sendable, Equatable {
  /// That lines are stronger or weaker, by a factor of 0.5 to 1.8.
  public var strength: Double
  /// That they are softer: a blur of 0.3 to 1 pixels for images of 128, growing with them.
  public var blur: Double

  /// The probabilities of each change.
  public init(strength: Double = 0.6, blur: Double = 0.3) {
    self.strength = strength
    self.blur = blur
  }

  /// No change at all.
  public static let none = LineartAugmentation(strength: 0, blur: 0)

  /// Changes lines, 1 at full strength and 0 elsewhere. The result, in 0...1, is a function of the lines and the stream.
  public func applied(to lines: Plane, using random: inout PhiloxStream) -> Plane {
    var lines = lines
    if random.chance(blur) {
      let unit = Float(min(lines.width, lines.height)) / 128
      lines = lines.blurred(sigma: max(0.2, random.uniform(0.3, 1) * unit))
    }
    if random.chance(strength) {
      let factor = random.uniform(0.5, 1.8)
      lines = lines.map { $0 * factor }
    }
    return lines.map { max(0, min($0, 1)) }
  }
}
