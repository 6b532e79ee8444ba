import ARPGImages

/// Traces rays through a scene, four at a time. Valid as long as the field's buffers are.
struct SceneRenderer {
  let scene: Scene
  let field: SignedDistanceField
  private let sphere: BoundingSphere

  init(_ scene: Scene, field: SignedDistanceField) {
    self.scene = scene
    self.field = field
    sphere = scene.boundingSphere
  }

  /// What four rays find.
  struct Hits {
    /// Red, green and blue, linear, 0...1.
    var light: Vectors
    /// One over the distance along the camera's axis.
    var inverseDepth: Lanes
    /// The numbers of parts and markings; see ``RenderedScene/parts``.
    var parts: SIMD4<UInt8>
    var isObject: LaneMask
  }

  /// What is seen at four places of the image, -1 to 1 from left to right and from bottom to top.
  func hits(x: Lanes, y: Lanes) -> Hits {
    let direction = scene.camera.directions(x: x, y: y)
    let backdrop = scene.room.backdrop(from: scene.camera.eye, along: direction)
    let (distance, isObject) = trace(direction, until: backdrop.distance)
    let (surface, parts) = surface(at: distance, along: direction, backdrop, isObject)
    let light = scene.lighting.light(from: surface, seenAlong: direction, field: field, bounds: sphere)
    return Hits(
      light: light, inverseDepth: 1 / (distance * direction.dot(scene.camera.forward)), parts: parts, isObject: isObject
    )
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
  ) -> (Lighting.Surface, parts: SIMD4<UInt8>) {
    let point = Vectors(scene.camera.eye) + direction * distance
    var surface = Lighting.Surface(
      point: point, normal: scene.room.normal(backdrop), colour: scene.room.colour(backdrop), gloss: .zero,
      isObject: isObject)
    var parts = SIMD4<UInt8>.zero
    guard isObject.isAny else { return (surface, parts) }
    surface.normal = surface.normal.replacing(with: field.normal(at: point), where: isObject)
    let nearest = field.nearest(to: point)
    let markings = field.marking(at: point, of: nearest)
    for lane in 0..<4 where isObject[lane] {
      let index = Int(nearest[lane])
      let material = field.primitives[index].material
      var colour = material.colour
      parts[lane] = PartNumber.part(field.primitives[index].part)
      if material.stripes > 0 {
        let placed = field.primitives[index].placed
        let height = placed.rotation.height(of: point - Vectors(placed.position))[lane]
        let stripe = Int(((height + 9) * material.stripes).rounded(.down))
        if !stripe.isMultiple(of: 2) {
          colour = 1 - 0.75 * (1 - colour)
          parts[lane] = PartNumber.stripe(field.primitives[index].part)
        }
      }
      if markings[lane] >= 0 {
        colour = field.markings[Int(markings[lane])].colour
        parts[lane] = PartNumber.marking(Int(markings[lane]))
      }
      surface.colour.x[lane] = colour.x
      surface.colour.y[lane] = colour.y
      surface.colour.z[lane] = colour.z
      surface.gloss[lane] = material.gloss
    }
    return (surface, parts)
  }
}

/// The numbers that parts and what is painted on them have in a map of parts: 0 is no object, 1 to 60 are parts, 65 to 124
/// the lighter stripes of those, 128 and more other markings. Of more than 60 parts, or 120 markings, some share a number.
enum PartNumber {
  static func part(_ index: Int) -> UInt8 { UInt8(1 + index % 60) }
  static func stripe(_ index: Int) -> UInt8 { UInt8(65 + index % 60) }
  static func marking(_ index: Int) -> UInt8 { UInt8(128 + index % 120) }
}
