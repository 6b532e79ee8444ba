import ARPGTensor

extension SceneObject {
  /// Paints eyes, a mouth and perhaps a nose on a front.
  ///
  /// - Parameters:
  ///   - x: of the middle of the face.
  ///   - y: of the middle of the face.
  ///   - z: of the front.
  ///   - size: half the height of the face.
  ///   - targets: the primitives that take the paint; nil for all.
  mutating func addPaintedFace(
    _ x: Float, _ y: Float, _ z: Float, size: Float, on targets: Range<Int>?, _ random: inout PhiloxStream
  ) {
    let plan = FacePlan(size: size, colours: colours, &random)
    let forwards = Rotation.aboutX(.pi / 2)
    for side in Self.sides {
      let eye = (x: x + side * plan.eyeDistance, y: y + plan.eyeHeight)
      if plan.hasWhites {
        mark(
          .cylinder(radius: plan.eye * 1.5, half: 0.5), at: eye.x, eye.y, z, turned: forwards, colour: FacePlan.white,
          on: targets)
      }
      mark(
        .cylinder(radius: plan.eye, half: 0.5), at: eye.x, eye.y, z, turned: forwards, colour: colours.dark, on: targets
      )
    }
    switch plan.mouth {
    case .line(let points):
      let shape = Shape.band(outline(points, closed: false), halfWidth: size * random.uniform(0.03, 0.06), half: 0.5)
      mark(shape, at: x, y - plan.mouthDepth, z, colour: plan.mouthColour)
    case .open:
      mark(
        .ellipsoid(radii: SIMD3(size * random.uniform(0.12, 0.3), size * random.uniform(0.06, 0.2), 0.6)), at: x,
        y - plan.mouthDepth, z, colour: plan.mouthColour, on: targets)
    case .none: break
    }
    guard let nose = plan.nose else { return }
    mark(
      .cylinder(radius: nose.radius, half: 0.5), at: x, y - size * 0.03, z, turned: forwards, colour: nose.colour,
      on: targets)
  }

  /// Adds eyes, a mouth and perhaps a nose as solids; the parameters are those of a painted face.
  mutating func addSolidFace(_ x: Float, _ y: Float, _ z: Float, size: Float, _ random: inout PhiloxStream) {
    let plan = FacePlan(size: size, colours: colours, &random)
    for side in Self.sides {
      let eye = (x: x + side * plan.eyeDistance, y: y + plan.eyeHeight)
      if plan.hasWhites {
        add(.sphere(radius: plan.eye * 1.4), at: eye.x, eye.y, z, colour: FacePlan.white, gloss: 0.3)
        add(
          .sphere(radius: plan.eye * 0.8), at: x + side * plan.eyeDistance * 0.97, eye.y, z + plan.eye * 0.9,
          colour: colours.dark, gloss: 0.4)
      } else {
        add(.sphere(radius: plan.eye), at: eye.x, eye.y, z, colour: colours.dark, gloss: 0.4)
      }
    }
    switch plan.mouth {
    case .line(let points):
      let shape = Shape.rod(outline(points, closed: false), radius: size * random.uniform(0.04, 0.07))
      add(shape, at: x, y - plan.mouthDepth, z - 0.01, colour: plan.mouthColour, gloss: 0.1)
    case .open:
      add(
        .ellipsoid(radii: SIMD3(size * random.uniform(0.12, 0.25), size * random.uniform(0.06, 0.14), size * 0.1)),
        at: x, y - plan.mouthDepth, z - 0.02, colour: plan.mouthColour, gloss: 0.2)
    case .none: break
    }
    guard let nose = plan.nose else { return }
    add(
      .ellipsoid(radii: SIMD3(nose.radius * 1.2, nose.radius, nose.radius)), at: x, y - size * 0.03, z + 0.02,
      colour: nose.colour, gloss: 0.3)
  }

  /// Adds whiskers to both sides: rods from near the nose to beyond the cheeks.
  ///
  /// - Parameters:
  ///   - rows: the heights where they begin and end, in radii over the middle of the head.
  mutating func addWhiskers(
    at y: Float, radius: Float, rows: [(start: Float, end: Float)], reach: Float, depth: (start: Float, end: Float)
  ) {
    for side in Self.sides {
      for row in rows {
        addRod(
          from: SIMD3(side * radius * 0.3, y + row.start * radius, radius * depth.start),
          to: SIMD3(side * radius * reach, y + row.end * radius, radius * depth.end), radius: 0.012,
          colour: colours.dark, gloss: 0)
      }
    }
  }
}

/// What a face is made of.
private struct FacePlan {
  enum Mouth {
    case line([SIMD2<Float>])
    case open
    case none
  }

  let eyeDistance, eyeHeight, eye: Float
  let hasWhites: Bool
  let mouthDepth: Float
  let mouthColour: SIMD3<Float>
  let mouth: Mouth
  let nose: (radius: Float, colour: SIMD3<Float>)?

  static let white = SIMD3<Float>(0.96, 0.96, 0.95)

  init(size: Float, colours: ColourScheme, _ random: inout PhiloxStream) {
    eyeDistance = size * random.uniform(0.25, 0.45)
    eyeHeight = size * random.uniform(0.05, 0.3)
    eye = size * random.uniform(0.09, 0.21)
    hasWhites = random.chance(0.4)
    mouthDepth = size * random.uniform(0.2, 0.45)
    mouthColour = random.chance(0.5) ? colours.dark : Palette.red
    let share = random.uniform()
    if share < 0.5 {
      let half = size * random.uniform(0.2, 0.42)
      let bend = half * random.uniform(0.2, 0.7) * (random.chance(0.85) ? 1 : -1)
      mouth = .line(
        (-3...3).map { index in
          let place = Float(index) / 3
          return SIMD2(place * half, bend * (place * place - 0.5))
        })
    } else {
      mouth = share < 0.7 ? .open : .none
    }
    nose =
      random.chance(0.5)
      ? (size * random.uniform(0.07, 0.14), random.chance(0.5) ? colours.accent : colours.dark) : nil
  }
}
