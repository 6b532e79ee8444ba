import ARPGTensor

extension ShapeKind {
  /// Things about the house.
  static let household: [ShapeKind] = [
    ShapeKind(thing: "umbrella") { object, random in
      let radius = random.uniform(0.5, 0.7), height = random.uniform(0.25, 0.5), y = random.uniform(0.75, 0.95)
      let lining = object.main.toned(0.7)
      object.add(.ellipsoid(radii: SIMD3(radius, height, radius)), y, colour: object.main)
      object.cut(.box(half: SIMD3(2, 1, 2)), y - 1, colour: lining)
      object.cut(
        .ellipsoid(radii: SIMD3(radius, height, radius) - 0.03), y - 0.04, colour: lining)
      if random.chance(0.6) {
        for index in 0..<3 {
          object.mark(
            .box(half: SIMD3(0.09, 2, 2)), y, turned: .aboutY(Float(index) * .pi / 3), colour: object.accent, on: 0..<1)
        }
      }
      object.add(.cylinder(radius: 0.022, half: y * 0.6), y * 0.55, colour: object.wood, gloss: 0.1)
      object.add(.sphere(radius: 0.035), y + height, colour: object.wood, gloss: 0.1)
      object.add(
        .torus(ring: 0.08, tube: 0.022), at: 0.08, 0.05, turned: .aboutX(.pi / 2), colour: object.wood, gloss: 0.1,
        part: .same)
    },
    ShapeKind(thing: "teapot") { object, random in
      let half = random.uniform(0.3, 0.45), radius = random.uniform(0.3, 0.42)
      object.add(.ellipsoid(radii: SIMD3(radius, half, radius)), half, colour: object.main, gloss: 0.4)
      object.addLimb(
        from: SIMD3(radius * 0.7, half * 0.8, 0), to: SIMD3(radius * 1.6, half * random.uniform(1.4, 1.8), 0),
        radii: (0.09, 0.05), join: .smoothUnion(width: 0.06), colour: object.main, gloss: 0.4)
      object.add(
        .torus(ring: half * random.uniform(0.4, 0.55), tube: 0.045), at: -radius * 1.05, half * 1.05,
        turned: .aboutX(.pi / 2), colour: object.main, gloss: 0.4)
      object.add(
        .ellipsoid(radii: SIMD3(radius * 0.45, 0.05, radius * 0.45)), 2 * half - 0.03,
        colour: random.chance(0.6) ? object.main : object.accent, gloss: 0.4)
      object.add(.sphere(radius: 0.055), 2 * half + 0.06, colour: object.accent, gloss: 0.4)
      object.add(
        .cylinder(radius: radius * 0.6, half: 0.03, rounding: 0.01), 0.03, colour: object.main, gloss: 0.4)
      if random.chance(0.4) { object.mark(.box(half: SIMD3(3, 0.07, 3)), half, colour: object.accent, on: 0..<1) }
    },
    ShapeKind(thing: "key") { object, random in
      let bow = random.uniform(0.18, 0.28), length = random.uniform(0.5, 0.9)
      let angle = random.chance(0.5) ? 0 : random.uniform(-1.5, 1.5)
      object.turn(.aboutZ(angle))
      let y = length * 0.5 + 0.2
      object.add(
        .torus(ring: bow, tube: bow * random.uniform(0.2, 0.4)), y + length * 0.5 + bow, turned: .aboutX(.pi / 2),
        colour: object.main, gloss: 0.4)
      object.add(.cylinder(radius: bow * 0.22, half: length * 0.5, rounding: 0.01), y, colour: object.main, gloss: 0.4)
      for index in 0..<random.integer(in: 1..<4) {
        object.add(
          .box(half: SIMD3(bow * 0.4, 0.04, bow * 0.18), rounding: 0.005), at: bow * 0.45,
          y - length * 0.5 + 0.06 + Float(index) * 0.12, colour: object.main, gloss: 0.4)
      }
    },
    ShapeKind(thing: "glasses") { object, random in
      let radius = random.uniform(0.17, 0.25), y: Float = 0.5
      for side in SceneObject.sides {
        object.add(
          .torus(ring: radius, tube: 0.035), at: side * radius * 1.3, y, turned: .aboutX(.pi / 2), colour: object.main,
          gloss: 0.3)
        object.add(
          .cylinder(radius: radius, half: 0.01), at: side * radius * 1.3, y, turned: .aboutX(.pi / 2),
          colour: SIMD3(0.6, 0.75, 0.85), gloss: 0.5)
      }
      object.addRod(
        from: SIMD3(-radius * 0.35, y + 0.03, 0), to: SIMD3(radius * 0.35, y + 0.03, 0), radius: 0.03,
        colour: object.main, gloss: 0.3)
    },
    ShapeKind(thing: "screen") { object, random in
      let width = random.uniform(0.5, 0.75)
      object.add(.box(half: SIMD3(width * 0.5, 0.38, 0.06), rounding: 0.03), 0.55, colour: object.main, gloss: 0.2)
      object.mark(
        .box(half: SIMD3(width * 0.42, 0.28, 0.03)), 0.57, 0.06,
        colour: random.chance(0.5) ? Palette.glass : object.colours.dark, on: 0..<1)
      object.add(.box(half: SIMD3(0.05, 0.12, 0.04)), 0.12, colour: object.colours.dark, gloss: 0.1)
      object.add(
        .box(half: SIMD3(0.25, 0.02, 0.15), rounding: 0.01), 0.02, colour: object.colours.dark, gloss: 0.1)
    },
    ShapeKind(thing: "clock") { object, random in
      let radius = random.uniform(0.3, 0.45)
      let y = radius + 0.15
      let forwards = Rotation.aboutX(.pi / 2)
      object.add(
        .cylinder(radius: radius, half: 0.1, rounding: 0.04), y, turned: forwards, colour: object.main, gloss: 0.3)
      object.add(
        .cylinder(radius: radius * 0.82, half: 0.025, rounding: 0.01), y, 0.09, turned: forwards,
        colour: object.colours.light, gloss: 0.1)
      let hands: [(x: Float, y: Float, radius: Float)] = [
        (radius * 0.35, radius * 0.3, 0.02), (-0.05, radius * 0.6, 0.018),
      ]
      for hand in hands {
        object.addRod(
          from: SIMD3(0, y, 0.13), to: SIMD3(hand.x, y + hand.y, 0.13), radius: hand.radius,
          colour: object.colours.dark, gloss: 0.1)
      }
      guard random.chance(0.6) else { return }
      for side in SceneObject.sides {
        object.add(
          .sphere(radius: radius * 0.28), at: side * radius * 0.6, 2 * radius + 0.18, colour: object.accent, gloss: 0.4)
        object.addRod(
          from: SIMD3(side * radius * 0.5, 0.25, 0), to: SIMD3(side * radius * 0.75, 0.03, 0), radius: 0.04,
          colour: object.accent, gloss: 0.3)
      }
    },
    ShapeKind(name: "gift", share: 1 / 3.0) { object, random in
      let (_, half) = object.addBox(&random)
      object.mark(.box(half: SIMD3(0.07, 2, 2)), half, colour: object.accent, on: 0..<1)
      for side in SceneObject.sides {
        object.add(
          .ellipsoid(radii: SIMD3(0.16, 0.07, 0.05)), at: side * 0.15, 2 * half + 0.07, turned: .aboutZ(side * 0.35),
          colour: object.accent, gloss: 0.2)
      }
      object.add(.sphere(radius: 0.06), 2 * half + 0.05, colour: object.accent, gloss: 0.2)
    },
    ShapeKind(name: "chest", share: 1 / 3.0) { object, random in
      let (width, half) = object.addBox(&random)
      object.add(
        .box(half: SIMD3(width * 1.08, 0.06, width * 0.9), rounding: 0.02), 2 * half, colour: object.accent)
      object.add(
        .box(half: SIMD3(0.07, 0.1, 0.1), rounding: 0.02), 2 * half - 0.1, width * 0.8,
        colour: SIMD3(0.95, 0.8, 0.3), gloss: 0.4)
    },
    ShapeKind(name: "suitcase", share: 1 / 3.0) { object, random in
      let (width, half) = object.addBox(&random)
      object.add(
        .torus(ring: width * 0.4, tube: 0.04), 2 * half, turned: .aboutX(.pi / 2), colour: object.accent, gloss: 0.2)
      for _ in 0..<random.integer(in: 1..<3) {
        object.mark(
          .box(half: SIMD3(3, 0.05, 3)), half * random.uniform(0.4, 1.6), colour: object.accent, on: 0..<1)
      }
    },
  ]
}

extension SceneObject {
  /// A box on the floor; gives half its width and half its height.
  fileprivate mutating func addBox(_ random: inout PhiloxStream) -> (width: Float, half: Float) {
    let width = random.uniform(0.35, 0.6), half = random.uniform(0.25, 0.45)
    add(.box(half: SIMD3(width, half, width * random.uniform(0.5, 0.9)), rounding: 0.02), half, colour: main)
    return (width, half)
  }
}
