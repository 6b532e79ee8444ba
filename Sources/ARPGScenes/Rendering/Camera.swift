import ARPGTensor
import Foundation

/// Where the picture is taken from.
struct Camera {
  /// The ranges that a class of objects is seen from.
  struct Ranges {
    /// The angle around the object, 0 being its front, in radians.
    var azimuth: ClosedRange<Float> = 0...(2 * .pi)
    /// The angle over the floor, in radians.
    var elevation: ClosedRange<Float> = 0.14...0.62
  }

  let eye: SIMD3<Float>
  let right: SIMD3<Float>
  let up: SIMD3<Float>
  let forward: SIMD3<Float>
  /// The angle around the object.
  let azimuth: Float

  /// Half the height of the picture, at distance 1.
  static let tangent: Float = 0.32

  /// A camera that looks at an object, which fills 0.7 to 0.94 of the picture and is somewhat off its middle.
  init(facing bounds: Bounds, within ranges: Ranges, using random: inout PhiloxStream) {
    azimuth = random.uniform(ranges.azimuth.lowerBound, ranges.azimuth.upperBound)
    let elevation = random.uniform(ranges.elevation.lowerBound, ranges.elevation.upperBound)
    let fill = random.uniform(0.7, 0.94)
    let (aside, above) = (random.uniform(-0.08, 0.08), random.uniform(-0.05, 0.08))
    let sides = bounds.sides
    let across = 0.782 * (sides.x * sides.x + sides.z * sides.z).squareRoot()
    let size = max(sides.y, across, 0.9)
    forward = -direction(azimuth: azimuth, elevation: elevation)
    right = forward.cross(SIMD3(0, 1, 0)).normalized
    up = right.cross(forward)
    let distance = size / 2 / (Self.tangent * fill) + size / 4
    let target = bounds.centre + right * (aside * size) + up * (above * size)
    var eye = target - forward * distance
    eye.y = max(eye.y, 0.12)
    self.eye = eye
  }

  /// Directions of length 1 through four places of the picture, -1 to 1 from left to right and from bottom to top.
  @inline(__always)
  func directions(x: Lanes, y: Lanes) -> Vectors {
    let (x, y) = (x * Self.tangent, y * Self.tangent)
    return (Vectors(forward) + Vectors(right) * x + Vectors(up) * y).normalized
  }
}

/// The direction of length 1 to a place in the sky.
func direction(azimuth: Float, elevation: Float) -> SIMD3<Float> {
  let (sine, cosine) = sineAndCosine(azimuth)
  let (height, reach) = sineAndCosine(elevation)
  return SIMD3(sine * reach, height, cosine * reach)
}
