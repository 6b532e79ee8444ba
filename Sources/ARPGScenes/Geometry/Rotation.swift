import Foundation

/// How an object is turned.
struct Rotation {
  /// The rows of the matrix that takes a turned vector back.
  private let rows: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)

  private init(_ x: SIMD3<Float>, _ y: SIMD3<Float>, _ z: SIMD3<Float>) { rows = (x, y, z) }

  static let none = Rotation(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))

  static func aboutX(_ angle: Float) -> Rotation {
    let (sine, cosine) = sineAndCosine(angle)
    return Rotation(SIMD3(1, 0, 0), SIMD3(0, cosine, sine), SIMD3(0, -sine, cosine))
  }

  static func aboutY(_ angle: Float) -> Rotation {
    let (sine, cosine) = sineAndCosine(angle)
    return Rotation(SIMD3(cosine, 0, -sine), SIMD3(0, 1, 0), SIMD3(sine, 0, cosine))
  }

  static func aboutZ(_ angle: Float) -> Rotation {
    let (sine, cosine) = sineAndCosine(angle)
    return Rotation(SIMD3(cosine, sine, 0), SIMD3(-sine, cosine, 0), SIMD3(0, 0, 1))
  }

  /// Turns up, y, to a direction other than zero.
  static func upTowards(_ direction: SIMD3<Float>) -> Rotation {
    let up = direction.normalized
    let aside = up.cross(abs(up.z) < 0.9 ? SIMD3(0, 0, 1) : SIMD3(1, 0, 0)).normalized
    let front = aside.cross(up)
    return Rotation(aside, up, front)
  }

  /// First the other rotation, then this one.
  func after(_ first: Rotation) -> Rotation {
    Rotation(applied(to: first.rows.0), applied(to: first.rows.1), applied(to: first.rows.2))
  }

  /// The vector turned.
  func applied(to vector: SIMD3<Float>) -> SIMD3<Float> {
    rows.0 * vector.x + rows.1 * vector.y + rows.2 * vector.z
  }

  /// Turned vectors taken back.
  @inline(__always)
  func undone(_ vectors: Vectors) -> Vectors {
    Vectors(x: vectors.dot(rows.0), y: vectors.dot(rows.1), z: vectors.dot(rows.2))
  }

  /// How tall turned vectors are in the object's own direction of up.
  @inline(__always)
  func height(of vectors: Vectors) -> Lanes { vectors.dot(rows.1) }

  /// Half the sides of a box around a turned box.
  func extent(of half: SIMD3<Float>) -> SIMD3<Float> {
    rows.0.magnitudes * half.x + rows.1.magnitudes * half.y + rows.2.magnitudes * half.z
  }
}

/// Sine and cosine in double precision, rounded: the last bit in which systems differ does not survive.
func sineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
  (Float(sin(Double(angle))), Float(cos(Double(angle))))
}
