/// The distance to the surface of several shapes joined in their order. Valid as long as the buffer is.
struct SignedDistanceField {
  let primitives: UnsafeBufferPointer<Primitive>

  /// The distance of four points.
  @inline(never)
  func distance(to point: Vectors) -> Lanes { joined(point) { _, _ in } }

  /// The index of the primitive whose surface is nearest to each of four points.
  func nearest(to point: Vectors) -> SIMD4<Int32> {
    var nearest = SIMD4<Int32>.zero
    _ = joined(point) { mask, index in nearest.replace(with: Int32(index), where: mask) }
    return nearest
  }

  /// The direction in which the distance grows fastest, by differences to the corners of a tetrahedron.
  func normal(at point: Vectors) -> Vectors {
    let step: Float = 0.0015
    @inline(__always)
    func sample(_ x: Float, _ y: Float, _ z: Float) -> Lanes {
      distance(to: point + Vectors(SIMD3(x, y, z) * step))
    }
    let a = sample(1, -1, -1), b = sample(-1, -1, 1), c = sample(-1, 1, -1), d = sample(1, 1, 1)
    return Vectors(x: a - b - c + d, y: c + d - a - b, z: b + d - a - c).normalized
  }

  /// Joins the shapes and reports each that becomes the nearest for some of the points.
  @inline(__always)
  private func joined(_ point: Vectors, _ becameNearest: (LaneMask, Int) -> Void) -> Lanes {
    var distance = Lanes(repeating: 1e9)
    for index in primitives.indices {
      // Parts of a primitive are read where they lie: a copy of the whole would cost more than many a shape.
      let local = point - Vectors(primitives[index].position)
      let join = primitives[index].join
      guard join.matters(to: distance, at: local, reach: primitives[index].reach) else { continue }
      let turned = primitives[index].isTurned ? primitives[index].rotation.undone(local) : local
      let other = primitives[index].shape.distance(to: turned)
      switch join {
      case .union:
        becameNearest(other .< distance, index)
        distance = least(distance, other)
      case .subtraction:
        becameNearest(-other .> distance, index)
        distance = greatest(distance, -other)
      case .smoothUnion(let width):
        becameNearest(other .< distance, index)
        let overlap = greatest(width - magnitude(distance - other), .zero) / width
        distance = least(distance, other) - overlap * overlap * (width / 4)
      }
    }
    return distance
  }
}
