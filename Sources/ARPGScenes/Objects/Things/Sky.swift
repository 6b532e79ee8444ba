import ARPGTensor

extension ShapeKind {
  /// Things in the sky.
  static let sky: [ShapeKind] = [
    ShapeKind(thing: "sun") { object, random in
      let radius = random.uniform(0.26, 0.38), y = random.uniform(0.6, 0.75)
      let colour = random.chance(0.6) ? SIMD3<Float>(0.96, 0.8, 0.2) : object.main
      object.add(
        .cylinder(radius: radius, half: 0.08, rounding: 0.05), y, turned: .aboutX(.pi / 2), colour: colour)
      let rays = random.integer(in: 6..<13), areThin = random.chance(0.5)
      for index in 0..<rays {
        let angle = Float(index) * 2 * .pi / Float(rays), half = random.uniform(0.1, 0.12)
        let (sine, cosine) = sineAndCosine(angle)
        if areThin {
          let (near, far) = (radius + 0.06, radius + 0.2)
          object.addRod(
            from: SIMD3(cosine * near, y + sine * near, 0), to: SIMD3(cosine * far, y + sine * far, 0), radius: 0.03,
            colour: object.accent, gloss: 0.1)
        } else {
          let away = radius + 0.13
          object.add(
            .cone(bottom: 0.07, top: 0.01, half: half), at: cosine * away, y + sine * away,
            turned: .aboutZ(angle - .pi / 2), colour: object.accent, gloss: 0.1)
        }
      }
      if random.chance(0.5) { object.addPaintedFace(0, y, 0.09, size: radius * 0.9, on: 0..<1, &random) }
    },
    ShapeKind(thing: "planet") { object, random in
      let y = random.uniform(0.5, 0.7)
      object.add(.sphere(radius: random.uniform(0.34, 0.44)), y, colour: object.main)
      if random.chance(0.7) {
        object.add(
          .torus(ring: random.uniform(0.58, 0.68), tube: 0.05), y,
          turned: .aboutZ(random.uniform(-0.5, 0.5)).after(.aboutX(random.uniform(-0.3, 0.3))), colour: object.accent,
          gloss: 0.2)
      }
      for _ in 0..<random.integer(in: 0..<4) {
        object.mark(
          .box(half: SIMD3(2, 0.05, 2)), y + random.uniform(-0.3, 0.3), turned: .aboutZ(0.2),
          colour: object.colours.third, on: 0..<1)
      }
    },
    ShapeKind(thing: "cloud") { object, random in
      let y = random.uniform(0.6, 0.9), scale = random.uniform(0.8, 1.2), white = object.colours.light
      let balls: [(x: Float, y: Float, radius: Float)] = [(0, 0, 0.26), (-0.3, -0.06, 0.19), (0.3, -0.05, 0.2)]
      let top: [(x: Float, y: Float, radius: Float)] = random.chance(0.5) ? [(0.08, 0.14, 0.2)] : []
      for (index, ball) in (balls + top).enumerated() {
        object.add(
          .sphere(radius: ball.radius * scale), at: ball.x * scale, y + ball.y,
          join: index == 0 ? .union : .smoothUnion(width: 0.06), colour: white, gloss: 0)
      }
      let drops = random.integer(in: 0..<5)
      for index in 0..<drops {
        object.add(
          .ellipsoid(radii: SIMD3(0.03, 0.07, 0.03)), at: 0.7 * (Float(index) + 0.5) / Float(drops) - 0.35, y - 0.42,
          colour: SIMD3(0.3, 0.55, 0.85), gloss: 0.3)
      }
    },
    ShapeKind(thing: "balloons") { object, random in
      let count = random.integer(in: 1..<4)
      for index in 0..<count {
        let x = (Float(index) - 0.5 * Float(count - 1)) * 0.5, y = random.uniform(0.7, 1.1)
        let radius = random.uniform(0.24, 0.36), colour = index == 0 ? object.main : Palette.lively(using: &random)
        object.add(.ellipsoid(radii: radius * SIMD3(1, 1.2, 1)), at: x, y, colour: colour, gloss: 0.4)
        object.add(
          .cone(bottom: 0.05, top: 0.01, half: 0.03), at: x, y - radius * 1.22, colour: colour, gloss: 0.2)
        object.addRod(
          from: SIMD3(x, y - radius * 1.25, 0), to: SIMD3(x * 0.3, random.uniform(0, 0.2), 0), radius: 0.01,
          colour: object.colours.dark, gloss: 0)
      }
    },
  ]
}
