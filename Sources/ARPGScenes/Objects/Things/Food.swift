import ARPGTensor

extension ShapeKind {
  /// Things to eat.
  static let food: [ShapeKind] = [
    ShapeKind(thing: "ice cream") { object, random in
      let half = random.uniform(0.3, 0.5), radius = random.uniform(0.2, 0.32)
      object.add(
        .cone(bottom: 0.02, top: radius, half: half, rounding: 0.01), half, colour: SIMD3(0.85, 0.62, 0.35), gloss: 0.1)
      var y = 2 * half
      for index in 0..<random.integer(in: 1..<4) {
        let scoop = radius * (1.05 - 0.15 * Float(index))
        object.add(.sphere(radius: scoop), y + scoop * 0.5, colour: object.layer(index), gloss: 0.2)
        y += scoop * 1.05
      }
      if random.chance(0.5) { object.add(.sphere(radius: 0.07), y + radius * 0.25, colour: cherryRed, gloss: 0.4) }
    },
    ShapeKind(thing: "cake") { object, random in
      var y: Float = 0, radius = random.uniform(0.4, 0.65)
      for index in 0..<random.integer(in: 1..<4) {
        let half = random.uniform(0.1, 0.2)
        object.add(
          .cylinder(radius: radius, half: half, rounding: 0.03), y + half, colour: object.layer(index), gloss: 0.15)
        if random.chance(0.6) {
          object.add(
            .torus(ring: radius - 0.02, tube: 0.05), y + 2 * half - 0.02, colour: object.colours.light, gloss: 0.15)
        }
        y += 2 * half
        radius *= random.uniform(0.6, 0.8)
      }
      let candles = random.integer(in: 0..<4)
      if candles == 0 { object.add(.sphere(radius: 0.08), y + 0.05, colour: cherryRed, gloss: 0.4) }
      for index in 0..<candles {
        let x = candles == 1 ? 0 : (Float(index) / Float(candles - 1) - 0.5) * radius
        object.add(.cylinder(radius: 0.025, half: 0.1), at: x, y + 0.1, colour: object.colours.light, gloss: 0.1)
        object.add(
          .ellipsoid(radii: SIMD3(0.03, 0.06, 0.03)), at: x, y + 0.25, colour: SIMD3(0.97, 0.7, 0.2), gloss: 0.1)
      }
    },
    ShapeKind(name: "apple", share: 1 / 3.0) { object, random in
      let radius = random.uniform(0.36, 0.52)
      object.add(
        .ellipsoid(radii: radius * SIMD3(1, random.uniform(0.8, 1.05), 1)), radius * 0.95,
        colour: object.fruitColour(&random), gloss: 0.3)
      object.addStalk(at: radius * 1.8, &random)
    },
    ShapeKind(name: "pear", share: 1 / 3.0) { object, random in
      let radius = random.uniform(0.36, 0.52), colour = object.fruitColour(&random)
      object.add(.sphere(radius: radius), radius, colour: colour, gloss: 0.3)
      object.add(
        .sphere(radius: radius * 0.55), radius * 1.9, join: .smoothUnion(width: 0.25), colour: colour, gloss: 0.3)
      object.addStalk(at: radius * 2.4, &random)
    },
    ShapeKind(name: "cherries", share: 1 / 3.0) { object, random in
      let radius = random.uniform(0.36, 0.52), colour = object.fruitColour(&random)
      for side in SceneObject.sides {
        object.add(
          .sphere(radius: radius * 0.62), at: side * radius * 0.75, radius * 0.7, colour: colour, gloss: 0.4)
        object.addRod(
          from: SIMD3(side * radius * 0.75, radius * 1.25, 0), to: SIMD3(0.1, radius * 2.6, 0), radius: 0.022,
          colour: stalkBrown, gloss: 0)
      }
      object.addLeaf(at: radius * 2.5, &random)
    },
  ]

  private static let cherryRed = SIMD3<Float>(0.85, 0.15, 0.18)
  fileprivate static let stalkBrown = SIMD3<Float>(0.4, 0.3, 0.18)
}

extension SceneObject {
  /// The colours of layers, from below.
  fileprivate func layer(_ index: Int) -> SIMD3<Float> { [main, accent, colours.third][index % 3] }

  fileprivate func fruitColour(_ random: inout PhiloxStream) -> SIMD3<Float> {
    random.chance(0.5) ? main : Palette.paint(Palette.fruits, using: &random)
  }

  fileprivate mutating func addStalk(at y: Float, _ random: inout PhiloxStream) {
    addLimb(
      from: SIMD3(0, y - 0.05, 0), to: SIMD3(random.uniform(-0.1, 0.1), y + 0.2, 0), radii: (0.03, 0.025),
      colour: ShapeKind.stalkBrown, gloss: 0)
    addLeaf(at: y + 0.1, &random)
  }

  fileprivate mutating func addLeaf(at y: Float, _ random: inout PhiloxStream) {
    guard random.chance(0.8) else { return }
    add(
      .ellipsoid(radii: SIMD3(0.17, 0.06, 0.03)), at: 0.17, y, turned: .aboutZ(0.4), colour: Palette.grass, gloss: 0.1)
  }
}
