import ARPGTensor

/// A sun and a bright sky.
struct Lighting {
  /// The direction to the sun, of length 1.
  let sun: SIMD3<Float>
  /// The strength of the sky.
  let ambient: Float
  /// How sharp shadows are.
  let sharpness: Float

  /// Light from the left or the right of the camera.
  init(seenBy camera: Camera, using random: inout PhiloxStream) {
    let aside = random.uniform(0.4, 1.3)
    let azimuth = camera.azimuth + (random.chance(0.5) ? aside : -aside)
    sun = direction(azimuth: azimuth, elevation: random.uniform(0.65, 1.2))
    ambient = random.uniform(0.4, 0.46)
    sharpness = random.uniform(6, 14)
  }

  /// A surface that is lit: four points of it.
  struct Surface {
    var point: Vectors
    var normal: Vectors
    /// Red, green and blue as x, y and z.
    var colour: Vectors
    var gloss: Lanes
    var isObject: LaneMask
  }

  /// The light that four points of a surface send to the eye: red, green and blue, linear, 0...1.
  func light(
    from surface: Surface, seenAlong view: Vectors, field: SignedDistanceField, bounds: BoundingSphere
  ) -> Vectors {
    let facing = greatest(surface.normal.dot(sun), .zero)
    let shadow = shadow(on: surface, where: facing .> .zero, field: field, bounds: bounds)
    let openness = openness(of: surface, field: field, bounds: bounds)
    let hemisphere = 0.75 + 0.25 * surface.normal.y
    let diffuse = (1.05 - ambient) * facing * shadow * (0.6 + 0.4 * openness)
    let strength = ambient * hemisphere * openness + diffuse
    let highlight = highlight(surface, view) * shadow
    @inline(__always)
    func channel(_ colour: Lanes) -> Lanes { clamp(colour * colour * strength + highlight, 0, 1) }
    return Vectors(
      x: channel(surface.colour.x), y: channel(surface.colour.y), z: channel(surface.colour.z))
  }

  /// Blinn's highlight with an exponent of 48.
  @inline(__always)
  private func highlight(_ surface: Surface, _ view: Vectors) -> Lanes {
    let halfway = (Vectors(sun) - view).normalized
    let cosine = greatest(surface.normal.dot(halfway), .zero)
    let square = cosine * cosine
    let eighth = square * square * square * square
    let sixteenth = eighth * eighth
    return surface.gloss * sixteenth * sixteenth * sixteenth
  }

  /// How much of the sun reaches four points, by the narrowest passage on the way.
  ///
  /// Source of the idea: Quilez, "Soft shadows in raymarched SDFs", 2010.
  @inline(__always)
  private func shadow(
    on surface: Surface, where isLit: LaneMask, field: SignedDistanceField, bounds: BoundingSphere
  ) -> Lanes {
    let origin = surface.point + surface.normal * Lanes(repeating: 0.01)
    let direction = Vectors(sun)
    let around = BoundingSphere(centre: bounds.centre, radius: bounds.radius * 1.25)
    let (enter, leave, isHit) = around.stretch(from: origin, along: direction)
    var travelled = greatest(enter, Lanes(repeating: 0.01))
    var passage = Lanes(repeating: 1)
    var isActive = isLit .& isHit .& (travelled .< leave)
    var steps = 0
    while isActive.isAny, steps < 40 {
      let distance = field.distance(to: origin + direction * travelled)
      passage = passage.replacing(with: least(passage, sharpness * distance / travelled), where: isActive)
      travelled = travelled.replacing(with: travelled + clamp(distance, 0.012, 0.2), where: isActive)
      isActive = isActive .& (passage .>= Lanes(repeating: 0.01)) .& (travelled .< leave)
      steps += 1
    }
    passage = clamp(passage, 0, 1)
    return passage * passage * (3 - 2 * passage)
  }

  /// How open the surroundings of four points are: what is nearer than it would be over a plane darkens.
  @inline(__always)
  private func openness(of surface: Surface, field: SignedDistanceField, bounds: BoundingSphere) -> Lanes {
    let near = BoundingSphere(centre: bounds.centre, radius: bounds.radius + 0.25)
    guard near.contains(surface.point).isAny else { return Lanes(repeating: 1) }
    var occlusion = Lanes.zero
    var weight: Float = 1
    for step in 1...3 {
      let height = 0.06 * Float(step)
      let point = surface.point + surface.normal * Lanes(repeating: height)
      let distance = field.distance(to: point)
      let free = distance.replacing(with: least(distance, point.y), where: surface.isObject)
      occlusion += greatest(height - free, .zero) * weight
      weight *= 0.7
    }
    let open = clamp(1 - 2.6 * occlusion, 0.25, 1)
    return Lanes(repeating: 1).replacing(with: open, where: near.contains(surface.point))
  }
}
