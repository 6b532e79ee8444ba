import ARPGTensor

/// A floor that goes over into a wall behind the object.
struct Room {
  /// The level direction that the wall stands across.
  let toWall: SIMD3<Float>
  /// How far the wall is from the middle of the floor.
  let distance: Float
  let floor: SIMD3<Float>
  let wall: SIMD3<Float>

  /// A room of one of the colours, whose wall is at least so far away.
  init(
    seenBy camera: Camera, backgrounds: [SIMD3<Float>], least: Float = 0, using random: inout PhiloxStream
  ) {
    let level = SIMD3(camera.forward.x, 0, camera.forward.z)
    toWall = level.normalized
    distance = max(random.uniform(1.3, 2.6), least)
    let colour = random.pick(backgrounds)
    floor = colour
    wall = random.chance(0.5) ? colour : colour * 0.8
  }

  /// Where rays meet floor and wall.
  struct Backdrop {
    /// How far floor or wall is, whichever is nearer.
    var distance: Lanes
    /// How much of the wall is seen, 0...1: near the corner both.
    var wallShare: Lanes
  }

  @inline(__always)
  func backdrop(from eye: SIMD3<Float>, along direction: Vectors) -> Backdrop {
    let far = Lanes(repeating: 1e9)
    let toFloor = far.replacing(with: -eye.y / direction.y, where: direction.y .< Lanes(repeating: -1e-5))
    let approach = direction.dot(toWall)
    let gap = distance - eye.dot(toWall)
    let toWall = far.replacing(with: gap / approach, where: approach .> Lanes(repeating: 1e-5))
    let share = clamp((toFloor - toWall) * 0.6 + 0.5, 0, 1)
    return Backdrop(distance: least(toFloor, toWall), wallShare: share)
  }

  @inline(__always)
  func normal(_ backdrop: Backdrop) -> Vectors {
    let wall = backdrop.wallShare
    return Vectors(x: -toWall.x * wall, y: 1 - wall, z: -toWall.z * wall).normalized
  }

  @inline(__always)
  func colour(_ backdrop: Backdrop) -> Vectors {
    Vectors(floor) * (1 - backdrop.wallShare) + Vectors(wall) * backdrop.wallShare
  }
}
