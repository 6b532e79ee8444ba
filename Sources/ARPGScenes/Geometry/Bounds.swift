/// A box along the axes.
struct Bounds {
  var low: SIMD3<Float>
  var high: SIMD3<Float>

  var centre: SIMD3<Float> { (low + high) / 2 }

  var sides: SIMD3<Float> { high - low }

  /// The box around what the primitives add, as far as it is over the floor.
  init(of primitives: [Primitive]) {
    self.init(low: SIMD3(repeating: .infinity), high: SIMD3(repeating: -.infinity))
    for primitive in primitives where !primitive.isCut {
      let bounds = primitive.bounds
      low = low.replacing(with: bounds.low, where: bounds.low .< low)
      high = high.replacing(with: bounds.high, where: bounds.high .> high)
    }
    low.y = max(low.y, 0)
  }

  init(low: SIMD3<Float>, high: SIMD3<Float>) { (self.low, self.high) = (low, high) }
}

/// Where a line is inside a sphere.
struct BoundingSphere {
  let centre: SIMD3<Float>
  let radius: Float

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
