/// The distance to the surface of several shapes joined in their order. Valid as long as the buffers are.
struct SignedDistanceField {
  let primitives: UnsafeBufferPointer<Primitive>
  let markings: UnsafeBufferPointer<Marking>
  let edges: UnsafeBufferPointer<OutlineEdge>

  /// The distance of four points.
  @inline(never)
  func distance(to point: Vectors) -> Lanes { joined(point) { _, _ in } }

  /// The index of the primitive whose surface is nearest to each of four points.
  @inline(never)
  func nearest(to point: Vectors) -> SIMD4<Int32> {
    var nearest = SIMD4<Int32>.zero
    _ = joined(point) { mask, index in nearest.replace(with: Int32(index), where: mask) }
    return nearest
  }

  /// The index of the last marking that each of four points of primitives' surfaces is within; -1 for none.
  func marking(at point: Vectors, of nearest: SIMD4<Int32>) -> SIMD4<Int32> {
    var found = SIMD4<Int32>(repeating: -1)
    for index in markings.indices {
      let targets = markings[index].targets
      let isTarget =
        nearest .>= SIMD4(repeating: Int32(targets.lowerBound)) .& nearest
        .< SIMD4(repeating: Int32(targets.upperBound))
      guard isTarget.isAny else { continue }
      let offset = point - Vectors(markings[index].placed.position), reach = markings[index].placed.reach
      guard (offset.dot(offset) .<= Lanes(repeating: reach * reach)).isAny else { continue }
      let isInside = markings[index].placed.distance(to: offset, edges: edges) .< .zero
      found.replace(with: Int32(index), where: isTarget .& isInside)
    }
    return found
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
      let offset = point - Vectors(primitives[index].placed.position)
      let join = primitives[index].join, reach = primitives[index].placed.reach
      guard join.matters(to: distance, at: offset, reach: reach) else { continue }
      var other: Lanes
      if primitives[index].isBoundedFarAway {
        other = offset.length - reach
        if (other .<= Lanes(repeating: 0.3)).isAny {
          other = primitives[index].placed.distance(to: offset, edges: edges)
        }
      } else {
        other = primitives[index].placed.distance(to: offset, edges: edges)
      }
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
