import ARPG

/// Draws a scene with four samples a pixel. Valid as long as the field's buffer is.
struct SceneRenderer {
  let scene: Scene
  let field: SignedDistanceField
  let sphere: BoundingSphere

  init(_ scene: Scene, field: SignedDistanceField) {
    self.scene = scene
    self.field = field
    sphere = scene.boundingSphere
  }

  /// What one pixel shows.
  struct Pixel {
    /// Red, green and blue, 0...1.
    var colour: SIMD3<Float>
    /// The mean of one over the distance along the camera's axis.
    var inverseDepth: Float
    /// The share of its samples that are on the object.
    var coverage: Float
  }

  private static let curve = GammaCurve()

  /// Calls `body` for each pixel of a square picture, rows from the top.
  func draw(size: Int, _ body: (Int, Pixel) -> Void) {
    let curve = Self.curve
    for row in 0..<size {
      for column in 0..<size { body(row * size + column, pixel(column: column, row: row, size: size, curve)) }
    }
  }

  private func pixel(column: Int, row: Int, size: Int, _ curve: GammaCurve) -> Pixel {
    let scale = 2 / Float(size)
    let x = (Float(column) + Lanes(0.25, 0.75, 0.25, 0.75)) * scale - 1
    let y = 1 - (Float(row) + Lanes(0.25, 0.25, 0.75, 0.75)) * scale
    let direction = scene.camera.directions(x: x, y: y)
    let backdrop = scene.room.backdrop(from: scene.camera.eye, along: direction)
    let (distance, isObject) = trace(direction, until: backdrop.distance)
    let surface = surface(at: distance, along: direction, backdrop, isObject)
    let light = scene.lighting.light(from: surface, seenAlong: direction, field: field, bounds: sphere)
    let inverse = 1 / (distance * direction.dot(scene.camera.forward))
    return Pixel(
      colour: SIMD3(curve.sum(light.x), curve.sum(light.y), curve.sum(light.z)) / 4,
      inverseDepth: inverse.sum() / 4, coverage: Lanes.zero.replacing(with: 0.25, where: isObject).sum())
  }

  /// How far four rays go, and which end on the object.
  @inline(__always)
  private func trace(_ direction: Vectors, until end: Lanes) -> (distance: Lanes, isObject: LaneMask) {
    let eye = Vectors(scene.camera.eye)
    let (enter, leave, isHit) = sphere.stretch(from: eye, along: direction)
    let limit = least(leave, end)
    var travelled = greatest(enter, .zero)
    var isActive = isHit .& (travelled .< limit)
    var isObject = LaneMask(repeating: false)
    var steps = 0
    while isActive.isAny, steps < 96 {
      let distance = field.distance(to: eye + direction * travelled)
      let arrives = isActive .& (distance .< Lanes(repeating: 0.0012))
      isObject = isObject .| arrives
      isActive = isActive .& .!arrives
      travelled = travelled.replacing(with: travelled + 0.9 * distance, where: isActive)
      isActive = isActive .& (travelled .< limit)
      steps += 1
    }
    return (end.replacing(with: travelled, where: isObject), isObject)
  }

  @inline(__always)
  private func surface(
    at distance: Lanes, along direction: Vectors, _ backdrop: Room.Backdrop, _ isObject: LaneMask
  ) -> Lighting.Surface {
    let point = Vectors(scene.camera.eye) + direction * distance
    var surface = Lighting.Surface(
      point: point, normal: scene.room.normal(backdrop), colour: scene.room.colour(backdrop), gloss: .zero,
      isObject: isObject)
    guard isObject.isAny else { return surface }
    surface.normal = surface.normal.replacing(with: field.normal(at: point), where: isObject)
    let nearest = field.nearest(to: point)
    for lane in 0..<4 where isObject[lane] {
      let primitive = field.primitives[Int(nearest[lane])]
      let material = primitive.material
      var colour = material.colour
      if material.stripes > 0 {
        let height = primitive.rotation.height(of: point - Vectors(primitive.position))[lane]
        let stripe = Int(((height + 9) * material.stripes).rounded(.down))
        if !stripe.isMultiple(of: 2) { colour = 1 - 0.75 * (1 - colour) }
      }
      surface.colour.x[lane] = colour.x
      surface.colour.y[lane] = colour.y
      surface.colour.z[lane] = colour.z
      surface.gloss[lane] = material.gloss
    }
    return surface
  }
}
