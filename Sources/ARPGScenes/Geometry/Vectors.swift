/// Four vectors, one for each sample of a pixel: x to the right, y up, z to the front.
struct Vectors {
  var x: Lanes
  var y: Lanes
  var z: Lanes

  @inline(__always)
  init(x: Lanes, y: Lanes, z: Lanes) { (self.x, self.y, self.z) = (x, y, z) }

  /// The same vector four times.
  @inline(__always)
  init(_ vector: SIMD3<Float>) {
    self.init(x: Lanes(repeating: vector.x), y: Lanes(repeating: vector.y), z: Lanes(repeating: vector.z))
  }

  @inline(__always)
  func dot(_ other: Vectors) -> Lanes { x * other.x + y * other.y + z * other.z }

  @inline(__always)
  func dot(_ vector: SIMD3<Float>) -> Lanes { x * vector.x + y * vector.y + z * vector.z }

  @inline(__always)
  var length: Lanes { dot(self).squareRoot() }

  /// Of length 1; zero where the length is.
  @inline(__always)
  var normalized: Vectors { self * (1 / (length + 1e-12)) }

  @inline(__always)
  func replacing(with other: Vectors, where mask: LaneMask) -> Vectors {
    Vectors(
      x: x.replacing(with: other.x, where: mask), y: y.replacing(with: other.y, where: mask),
      z: z.replacing(with: other.z, where: mask))
  }

  @inline(__always)
  static func + (a: Vectors, b: Vectors) -> Vectors { Vectors(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }

  @inline(__always)
  static func - (a: Vectors, b: Vectors) -> Vectors { Vectors(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }

  @inline(__always)
  static func * (a: Vectors, factor: Lanes) -> Vectors { Vectors(x: a.x * factor, y: a.y * factor, z: a.z * factor) }
}

extension SIMD3<Float> {
  func dot(_ other: SIMD3<Float>) -> Float { x * other.x + y * other.y + z * other.z }

  func cross(_ other: SIMD3<Float>) -> SIMD3<Float> {
    SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  var length: Float { dot(self).squareRoot() }

  var normalized: SIMD3<Float> { self / length }

  var magnitudes: SIMD3<Float> { SIMD3(abs(x), abs(y), abs(z)) }
}
