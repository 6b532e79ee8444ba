import ARPGTensor

extension ShapeKind {
  /// Things to travel with.
  static let travel: [ShapeKind] = [
    ShapeKind(thing: "bicycle") { object, random in
      let wheel = random.uniform(0.2, 0.3)
      let axle = wheel * 1.45
      for side in SceneObject.sides {
        object.add(
          .torus(ring: wheel * 0.85, tube: 0.04), at: side * axle, wheel, turned: .aboutX(.pi / 2),
          colour: object.colours.dark, gloss: 0.1)
        object.add(.sphere(radius: 0.05), at: side * axle, wheel, colour: object.colours.light, gloss: 0.3)
      }
      let rear = SIMD3(-axle, wheel, 0), front = SIMD3(axle, wheel, 0), pedals = SIMD3(0, wheel, 0)
      let saddle = SIMD3(-axle * 0.35, wheel * 2.25, 0), bar = SIMD3(axle * 0.6, wheel * 2.25, 0)
      let frame = [(rear, saddle), (saddle, bar), (saddle, pedals), (rear, pedals), (pedals, bar), (bar, front)]
      for (index, tube) in frame.enumerated() {
        object.addRod(
          from: tube.0, to: tube.1, radius: 0.03, colour: object.main, gloss: 0.3, part: index == 0 ? .new : .same)
      }
      object.add(
        .ellipsoid(radii: SIMD3(0.13, 0.045, 0.06)), at: -axle * 0.38, wheel * 2.5, colour: object.colours.dark,
        gloss: 0.1)
      let grip = SIMD3(axle * 0.52, wheel * 2.65, 0), half = SIMD3<Float>(0, 0, 0.12)
      object.addRod(from: bar, to: grip, radius: 0.025, colour: object.main, gloss: 0.2)
      object.addRod(from: grip - half, to: grip + half, radius: 0.025, colour: object.colours.dark, gloss: 0.2)
    },
    ShapeKind(thing: "sailing boat") { object, random in
      let length = random.uniform(0.5, 0.7), half = random.uniform(0.14, 0.22), mast = random.uniform(0.8, 1.1)
      let hull = object.prism(
        [SIMD2(-length, half), SIMD2(length, half), SIMD2(length * 0.7, -half), SIMD2(-length * 0.7, -half)],
        half: 0.2, corner: 0.02, rounding: 0.08)
      object.add(hull, half + 0.02, colour: object.main)
      object.add(.cylinder(radius: 0.025, half: mast * 0.55), half * 2 + mast * 0.5, colour: object.wood, gloss: 0.1)
      func addSail(_ width: Float, _ height: Float, at x: Float, _ colour: SIMD3<Float>) {
        let sail = object.prism(
          [SIMD2(0, 0), SIMD2(width, 0), SIMD2(0, height)], half: 0.02, corner: 0.01, rounding: 0.015)
        object.add(sail, at: x, 2 * half + 0.12, colour: colour, gloss: 0.05)
      }
      addSail(length * random.uniform(0.6, 0.9), mast * 0.85, at: 0.05, object.accent)
      if random.chance(0.6) {
        addSail(
          -length * random.uniform(0.4, 0.7), mast * 0.7, at: -0.05,
          random.chance(0.5) ? object.accent : object.colours.light)
      }
      if random.chance(0.4) {
        object.add(
          .box(half: SIMD3(0.1, 0.05, 0.01)), at: 0.08, 2 * half + mast + 0.02, colour: object.colours.third, gloss: 0.1
        )
      }
    },
  ]
}
