/// A sphere that holds all of an object.
struct BoundingSphere {
  let centre: SIMD3<Float>
  let radius: Float

  /// The sphere around a box, a little larger.
  init(around bounds: Bounds) { self.init(centre: bounds.centre, radius: bounds.sides.length / 2 + 0.03) }

  init(centre: SIMD3<Float>, radius: Float) { (self.centre, self.radius) = (centre, radius) }

  /// The stretch of lines from origins along directions of length 1 that is inside, and which lines have one.
  @inline(__always)
  func stretch(from origin: Vectors, along direction: Vectors) -> (enter: Lanes, leave: Lanes, isHit: LaneMask) {
    let offset = origin - Vectors(centre)
    let middle = -offset.dot(direction)
    let squared = middle * middle - (offset.dot(offset) - radius * radius)
    let half = greatest(squared, .zero).squareRoot()
    return (middle - half, middle + half, squared .> .zero)
  }

  @inline(__always)
  func contains(_ point: Vectors) -> LaneMask {
    let offset = point - Vectors(centre)
    return offset.dot(offset) .< Lanes(repeating: radius * radius)
  }
}
