/// What a surface looks like.
struct Material {
  /// Red, green and blue, 0...1.
  var colour: SIMD3<Float>
  /// The strength of the highlight.
  var gloss: Float
  /// Stripes across the shape's own height, light and dark taking turns, so many in a unit; 0 for none.
  var stripes: Float = 0
}

/// A shape in a scene: where it is, what it looks like, and how it joins the shapes before it.
struct Primitive {
  enum Join {
    case union
    case subtraction
    /// A union whose seam is rounded over a width.
    case smoothUnion(width: Float)

    /// Whether a shape can change a distance at some of four points, seen from the middle of a sphere that holds it.
    @inline(__always)
    func matters(to distance: Lanes, at point: Vectors, reach: Float) -> Bool {
      let range =
        switch self {
        case .union: distance + reach
        case .subtraction: reach - distance
        case .smoothUnion(let width): distance + (reach + width)
        }
      let positive = greatest(range, .zero)
      return (point.dot(point) .< positive * positive).isAny
    }
  }

  let shape: Shape
  let join: Join
  let position: SIMD3<Float>
  let rotation: Rotation
  let isTurned: Bool
  /// The radius of a sphere around the position that holds the shape.
  let reach: Float
  let material: Material

  init(_ shape: Shape, at position: SIMD3<Float>, turned rotation: Rotation?, join: Join, material: Material) {
    self.shape = shape
    self.join = join
    self.position = position
    self.rotation = rotation ?? .none
    isTurned = rotation != nil
    reach = shape.extent.length
    self.material = material
  }

  /// The box around the shape.
  var bounds: Bounds {
    let extent = rotation.extent(of: shape.extent)
    return Bounds(low: position - extent, high: position + extent)
  }

  /// Whether the shape only takes away.
  var isCut: Bool {
    if case .subtraction = join { true } else { false }
  }
}
