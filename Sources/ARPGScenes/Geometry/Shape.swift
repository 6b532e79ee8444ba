/// A solid around the origin, by the distance to its surface, negative inside.
///
/// Source of the idea: Hart, "Sphere tracing", The Visual Computer 12, 1996.
enum Shape {
  case sphere(radius: Float)
  /// An approximate distance, exact in sign.
  case ellipsoid(radii: SIMD3<Float>)
  case box(half: SIMD3<Float>, rounding: Float = 0)
  /// Upright.
  case cylinder(radius: Float, half: Float, rounding: Float = 0)
  /// Upright, with a radius at its bottom and one at its top; the rounding comes on top of both.
  case cone(bottom: Float, top: Float, half: Float, rounding: Float = 0)
  /// Lying flat.
  case torus(ring: Float, tube: Float)
  /// A prism along z over the ground: a triangle of half the width at y = 0 and of a height.
  case roof(halfWidth: Float, height: Float, halfDepth: Float, rounding: Float = 0)
  /// Upright, with a half length without its caps.
  case capsule(radius: Float, half: Float)

  /// The area within a closed outline, grown by a corner radius, from -half to half along z; its rims are rounded.
  case prism(Outline, half: Float, corner: Float = 0, rounding: Float = 0)
  /// A round rod along an outline.
  case rod(Outline, radius: Float)
  /// A band along an outline, of half a width in the plane and from -half to half along z; its rims are rounded.
  case band(Outline, halfWidth: Float, half: Float, rounding: Float = 0)
  /// What a closed outline sweeps that turns around the y axis, grown by a rounding.
  case lathe(Outline, rounding: Float)

  /// The distance of four points, given the edges of the outlines.
  @inline(__always)
  func distance(to point: Vectors, edges: UnsafeBufferPointer<OutlineEdge>) -> Lanes {
    switch self {
    case .sphere(let radius):
      return point.length - radius
    case .ellipsoid(let radii):
      let scaled = Vectors(x: point.x / radii.x, y: point.y / radii.y, z: point.z / radii.z)
      let gradient = length(scaled.x / radii.x, scaled.y / radii.y, scaled.z / radii.z)
      let level = scaled.length
      // Near the middle the first is larger than the distance along the shortest axis, and rays would pass the surface.
      return greatest(level * (level - 1) / (gradient + 1e-6), (level - 1) * radii.min())
    case .box(let half, let rounding):
      let x = magnitude(point.x) - (half.x - rounding)
      let y = magnitude(point.y) - (half.y - rounding)
      let z = magnitude(point.z) - (half.z - rounding)
      let outside = length(greatest(x, .zero), greatest(y, .zero), greatest(z, .zero))
      return outside + least(greatest(x, greatest(y, z)), .zero) - rounding
    case .cylinder(let radius, let half, let rounding):
      let across = length(point.x, point.z) - (radius - rounding)
      let along = magnitude(point.y) - (half - rounding)
      return least(greatest(across, along), .zero) + length(greatest(across, .zero), greatest(along, .zero)) - rounding
    case .cone(let bottom, let top, let half, let rounding):
      return Self.cone(point, bottom: bottom, top: top, half: half) - rounding
    case .torus(let ring, let tube):
      return length(length(point.x, point.z) - ring, point.y) - tube
    case .roof(let halfWidth, let height, let halfDepth, let rounding):
      let slope = 1 / (halfWidth * halfWidth + height * height).squareRoot()
      let side = (magnitude(point.x) * height + (point.y - height) * halfWidth) * slope
      return greatest(greatest(side, -point.y), magnitude(point.z) - halfDepth) - rounding
    case .capsule(let radius, let half):
      return length(point.x, point.y - clamp(point.y, -half, half), point.z) - radius
    case .prism(let outline, let half, let corner, let rounding):
      let across = outline.signedDistance(x: point.x, y: point.y, edges: edges) - corner
      return Self.slab(across, magnitude(point.z) - half, rounding)
    case .rod(let outline, let radius):
      return length(outline.distance(x: point.x, y: point.y, edges: edges), point.z) - radius
    case .band(let outline, let halfWidth, let half, let rounding):
      let across = outline.distance(x: point.x, y: point.y, edges: edges) - halfWidth
      return Self.slab(across, magnitude(point.z) - half, rounding)
    case .lathe(let outline, let rounding):
      return outline.signedDistance(x: length(point.x, point.z), y: point.y, edges: edges) - rounding
    }
  }

  /// The distance to where two distances at right angles are both negative, with a rounded rim.
  @inline(__always)
  private static func slab(_ across: Lanes, _ along: Lanes, _ rounding: Float) -> Lanes {
    let (x, y) = (across + rounding, along + rounding)
    return least(greatest(x, y), .zero) + length(greatest(x, .zero), greatest(y, .zero)) - rounding
  }

  /// The distance in the plane of axis and point: the nearer of the ends and the slanted side.
  @inline(__always)
  private static func cone(_ point: Vectors, bottom: Float, top: Float, half: Float) -> Lanes {
    let across = length(point.x, point.z)
    let y = point.y
    let radius = Lanes(repeating: top).replacing(with: Lanes(repeating: bottom), where: y .< .zero)
    let endX = across - least(across, radius)
    let endY = magnitude(y) - half
    let run = top - bottom
    let rise = 2 * half
    let share = clamp(((top - across) * run + (half - y) * rise) / (run * run + rise * rise), 0, 1)
    let sideX = across - top + share * run
    let sideY = y - half + share * rise
    let nearest = least(endX * endX + endY * endY, sideX * sideX + sideY * sideY).squareRoot()
    return nearest.replacing(with: -nearest, where: (sideX .< .zero) .& (endY .< .zero))
  }
}
