/// What a surface looks like.
struct Material {
  /// Red, green and blue, 0...1.
  var colour: SIMD3<Float>
  /// The strength of the highlight.
  var gloss: Float
  /// Stripes across the shape's own height, light and dark taking turns, so many in a unit; 0 for none.
  var stripes: Float = 0
}

/// A shape and where it is.
struct PlacedShape {
  private(set) var shape: Shape
  private(set) var position: SIMD3<Float>
  let rotation: Rotation
  let isTurned: Bool
  /// The radius of a sphere around the position that holds the shape.
  private(set) var reach: Float

  init(_ shape: Shape, at position: SIMD3<Float>, turned rotation: Rotation?) {
    self.shape = shape
    self.position = position
    self.rotation = rotation ?? .none
    isTurned = rotation != nil
    reach = shape.reach
  }

  /// The box around the shape.
  var bounds: Bounds {
    let own = shape.bounds
    let centre = position + rotation.applied(to: own.centre), extent = rotation.extent(of: own.sides / 2)
    return Bounds(low: centre - extent, high: centre + extent)
  }

  /// The distance of four points, given from the position.
  @inline(__always)
  func distance(to offset: Vectors, edges: UnsafeBufferPointer<OutlineEdge>) -> Lanes {
    shape.distance(to: isTurned ? rotation.undone(offset) : offset, edges: edges)
  }

  /// Larger by a factor, then moved; the edges of its outline stand further behind.
  func scaled(by factor: Float, movedBy offset: SIMD3<Float>, edgesMovedBy places: Int) -> PlacedShape {
    var placed = self
    placed.shape = shape.scaled(by: factor, edgesMovedBy: places)
    placed.position = position * factor + offset
    placed.reach = reach * factor
    return placed
  }
}

/// A shape in a scene: what it looks like, and how it joins the shapes before it.
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

  private(set) var placed: PlacedShape
  private(set) var join: Join
  let material: Material
  /// The number of the part that it belongs to, from 0.
  private(set) var part: Int
  /// Whether a bound of its distance serves far away, since the distance itself takes long to compute.
  let isBoundedFarAway: Bool

  init(_ placed: PlacedShape, join: Join, material: Material, part: Int) {
    self.placed = placed
    self.join = join
    self.material = material
    self.part = part
    if case .union = join { isBoundedFarAway = placed.shape.hasOutline } else { isBoundedFarAway = false }
  }

  /// The box around the shape.
  var bounds: Bounds { placed.bounds }

  /// Whether the shape only takes away.
  var isCut: Bool {
    if case .subtraction = join { true } else { false }
  }

  /// Larger by a factor, then moved; of a part, and with edges, that stand further behind.
  func scaled(
    by factor: Float, movedBy offset: SIMD3<Float>, edgesMovedBy places: Int, partsMovedBy parts: Int
  ) -> Primitive {
    var primitive = self
    primitive.placed = placed.scaled(by: factor, movedBy: offset, edgesMovedBy: places)
    if case .smoothUnion(let width) = join { primitive.join = .smoothUnion(width: width * factor) }
    primitive.part += parts
    return primitive
  }
}

/// A shape that colours the surface within it.
struct Marking {
  private(set) var placed: PlacedShape
  /// Red, green and blue, 0...1.
  let colour: SIMD3<Float>
  /// The primitives whose surface it colours, by their indices.
  private(set) var targets: Range<Int>

  init(_ placed: PlacedShape, colour: SIMD3<Float>, on targets: Range<Int>) {
    self.placed = placed
    self.colour = colour
    self.targets = targets
  }

  /// Keeps it from primitives that an object does not have.
  mutating func limit(to count: Int) { targets = targets.clamped(to: 0..<count) }

  /// Larger by a factor, then moved; with edges and targets that stand further behind.
  func scaled(
    by factor: Float, movedBy offset: SIMD3<Float>, edgesMovedBy places: Int, targetsMovedBy primitives: Int
  ) -> Marking {
    var marking = self
    marking.placed = placed.scaled(by: factor, movedBy: offset, edgesMovedBy: places)
    marking.targets = targets.lowerBound + primitives..<targets.upperBound + primitives
    return marking
  }
}
