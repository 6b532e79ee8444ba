extension Shape {
  /// A box around the shape.
  var bounds: Bounds {
    switch self {
    case .sphere(let radius): Bounds(half: SIMD3(repeating: radius))
    case .ellipsoid(let radii): Bounds(half: radii)
    case .box(let half, _): Bounds(half: half)
    case .cylinder(let radius, let half, _): Bounds(half: SIMD3(radius, half, radius))
    case .cone(let bottom, let top, let half, let rounding):
      Bounds(half: SIMD3(max(bottom, top) + rounding, half + rounding, max(bottom, top) + rounding))
    case .torus(let ring, let tube): Bounds(half: SIMD3(ring + tube, tube, ring + tube))
    case .roof(let halfWidth, let height, let halfDepth, let rounding):
      Bounds(half: SIMD3(halfWidth + rounding, height + rounding, halfDepth + rounding))
    case .capsule(let radius, let half): Bounds(half: SIMD3(radius, radius + half, radius))
    case .prism(let outline, let half, let corner, _): Self.flat(outline, grownBy: corner, half: half)
    case .rod(let outline, let radius): Self.flat(outline, grownBy: radius, half: radius)
    case .band(let outline, let halfWidth, let half, _): Self.flat(outline, grownBy: halfWidth, half: half)
    case .lathe(let outline, let rounding):
      Bounds(
        low: SIMD3(-outline.high.x - rounding, outline.low.y - rounding, -outline.high.x - rounding),
        high: SIMD3(outline.high.x + rounding, outline.high.y + rounding, outline.high.x + rounding))
    }
  }

  private static func flat(_ outline: Outline, grownBy growth: Float, half: Float) -> Bounds {
    Bounds(
      low: SIMD3(outline.low.x - growth, outline.low.y - growth, -half),
      high: SIMD3(outline.high.x + growth, outline.high.y + growth, half))
  }

  /// The radius of a sphere around the origin that holds the shape.
  var reach: Float {
    switch self {
    case .prism(let outline, let half, let corner, _): SIMD2(outline.radius + corner, half).length + 0.002
    case .rod(let outline, let radius): outline.radius + radius + 0.002
    case .band(let outline, let halfWidth, let half, _): SIMD2(outline.radius + halfWidth, half).length + 0.002
    case .lathe(let outline, let rounding): outline.radius + rounding + 0.002
    default: bounds.high.length
    }
  }

  /// Whether its distance takes long to compute.
  var hasOutline: Bool {
    switch self {
    case .prism, .rod, .band, .lathe: true
    default: false
    }
  }

  /// The shape larger by a factor; the edges of its outline, where it has one, stand further behind.
  func scaled(by factor: Float, edgesMovedBy places: Int) -> Shape {
    func moved(_ outline: Outline) -> Outline { outline.scaled(by: factor, edgesMovedBy: places) }
    return switch self {
    case .sphere(let radius): .sphere(radius: radius * factor)
    case .ellipsoid(let radii): .ellipsoid(radii: radii * factor)
    case .box(let half, let rounding): .box(half: half * factor, rounding: rounding * factor)
    case .cylinder(let radius, let half, let rounding):
      .cylinder(radius: radius * factor, half: half * factor, rounding: rounding * factor)
    case .cone(let bottom, let top, let half, let rounding):
      .cone(bottom: bottom * factor, top: top * factor, half: half * factor, rounding: rounding * factor)
    case .torus(let ring, let tube): .torus(ring: ring * factor, tube: tube * factor)
    case .roof(let halfWidth, let height, let halfDepth, let rounding):
      .roof(
        halfWidth: halfWidth * factor, height: height * factor, halfDepth: halfDepth * factor,
        rounding: rounding * factor)
    case .capsule(let radius, let half): .capsule(radius: radius * factor, half: half * factor)
    case .prism(let outline, let half, let corner, let rounding):
      .prism(moved(outline), half: half * factor, corner: corner * factor, rounding: rounding * factor)
    case .rod(let outline, let radius): .rod(moved(outline), radius: radius * factor)
    case .band(let outline, let halfWidth, let half, let rounding):
      .band(moved(outline), halfWidth: halfWidth * factor, half: half * factor, rounding: rounding * factor)
    case .lathe(let outline, let rounding): .lathe(moved(outline), rounding: rounding * factor)
    }
  }
}
