import ARPGTensor
import Foundation

/// Where the image is taken from.
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

  /// Half the height of the image, at distance 1.
  static let tangent: Float = 0.32

  /// A camera that looks at objects of a size across the image.
  init(facing bounds: Bounds, from view: View, size: Float) {
    azimuth = view.azimuth
    forward = -direction(azimuth: azimuth, elevation: view.elevation)
    right = forward.cross(SIMD3(0, 1, 0)).normalized
    up = right.cross(forward)
    let distance = size / 2 / (Self.tangent * view.fill) + size / 4
    let target = bounds.centre + right * (view.aside * size) + up * (view.above * size)
    var eye = target - forward * distance
    eye.y = max(eye.y, 0.12)
    self.eye = eye
  }

  /// Directions of length 1 through four places of the image, -1 to 1 from left to right and from bottom to top.
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
