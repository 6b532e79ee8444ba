import ARPG
import ARPGTensor
import Foundation

/// Makes exact depth more like what estimators and cameras give, so that an encoder trained on the one takes the other.
///
/// Each change has a probability of its own, 0...1.
public struct DepthAugmentation: Sendable, Equatable {
  /// That distances are spread otherwise: a power of 0.6 to 1.6.
  public var gamma: Double
  /// That the range is not used up: it begins at 0 to 0.15 and ends at 0.85 to 1.
  public var range: Double
  /// That borders are soft: a blur of 0.5 to 2 pixels for images of 128, growing with them.
  public var blur: Double
  /// That there is noise, of a standard deviation of 0.015.
  public var noise: Double

  /// The probabilities of each change.
  public init(gamma: Double = 0.5, range: Double = 0.5, blur: Double = 0.3, noise: Double = 0.3) {
    self.gamma = gamma
    self.range = range
    self.blur = blur
    self.noise = noise
  }

  /// No change at all.
  public static let none = DepthAugmentation(gamma: 0, range: 0, blur: 0, noise: 0)

  /// Changes depth, 0 far and 1 near. The result, in 0...1, is a function of the depth and the stream.
  public func applied(to depth: Plane, using random: inout PhiloxStream) -> Plane {
    var plane = depth.map { max(0, min($0, 1)) }
    if random.chance(gamma) {
      let exponent = Double(random.uniform(0.6, 1.6))
      plane = plane.map { Float(pow(Double($0), exponent)) }
    }
    if random.chance(range) {
      let low = random.uniform(0, 0.15), high = random.uniform(0.85, 1)
      plane = plane.map { low + $0 * (high - low) }
    }
    if random.chance(blur) {
      let unit = Float(min(depth.width, depth.height)) / 128
      plane = plane.blurred(sigma: max(0.3, random.uniform(0.5, 2) * unit))
    }
    if random.chance(noise) { plane = plane.map { $0 + 0.015 * random.normal() } }
    return plane.map { max(0, min($0, 1)) }
  }
}
