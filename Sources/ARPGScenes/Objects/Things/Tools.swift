import ARPGTensor

extension ShapeKind {
  /// Things to hold in a hand.
  static let tools: [ShapeKind] = [
    ShapeKind(thing: "guitar") { object, random in
      object.turn(.aboutZ(random.uniform(-0.7, 0.7)))
      let low = random.uniform(0.26, 0.36)
      let high = low * random.uniform(0.65, 0.9), neck = random.uniform(0.4, 0.6)
      let forwards = Rotation.aboutX(.pi / 2)
      object.add(
        .cylinder(radius: low, half: 0.09, rounding: 0.02), low, turned: forwards, colour: object.main, gloss: 0.3)
      object.add(
        .cylinder(radius: high, half: 0.09, rounding: 0.02), low * 2.05, turned: forwards,
        join: .smoothUnion(width: 0.1), colour: object.main, gloss: 0.3)
      object.add(
        .cylinder(radius: low * 0.3, half: 0.012), low * 1.6, 0.09, turned: forwards, colour: object.colours.dark,
        gloss: 0.1)
      let top = low * 2 + high
      object.add(
        .box(half: SIMD3(0.045, neck * 0.6, 0.04), rounding: 0.01), top + neck * 0.5, 0.05, colour: object.wood,
        gloss: 0.2)
      object.add(
        .box(half: SIMD3(0.08, 0.12, 0.04), rounding: 0.02), top + neck * 1.15, 0.04, colour: object.accent, gloss: 0.2)
      object.add(
        .box(half: SIMD3(0.12, 0.025, 0.02), rounding: 0.005), low * 0.75, 0.1, colour: object.colours.dark, gloss: 0.1)
      for index in -1...1 {
        object.add(
          .box(half: SIMD3(0.005, low + neck * 0.6, 0.005)), at: Float(index) * 0.025, low + neck * 0.75 + 0.2, 0.115,
          colour: object.colours.light, gloss: 0.2)
      }
    },
    tool("hammer") { object, length, _ in
      object.add(
        .cylinder(radius: 0.05, half: length * 0.5, rounding: 0.02), length * 0.5, colour: object.wood, gloss: 0.1)
      object.add(
        .cylinder(radius: 0.13, half: 0.26, rounding: 0.03), length + 0.08, turned: .aboutZ(.pi / 2),
        colour: object.main, gloss: 0.3)
    },
    tool("sword") { object, length, _ in
      let blade = object.prism(
        [
          SIMD2(-0.07, 0), SIMD2(0.07, 0), SIMD2(0.06, length * 0.8), SIMD2(0, length), SIMD2(-0.06, length * 0.8),
        ], half: 0.03, rounding: 0.02)
      object.add(blade, 0.3, colour: object.colours.light, gloss: 0.4)
      object.add(.box(half: SIMD3(0.22, 0.04, 0.05), rounding: 0.02), 0.3, colour: object.main, gloss: 0.3)
      object.add(.cylinder(radius: 0.045, half: 0.15, rounding: 0.02), 0.14, colour: object.wood, gloss: 0.2)
    },
    tool("pencil") { object, _, _ in
      object.add(.cylinder(radius: 0.08, half: 0.45), 0.55, colour: object.main, gloss: 0.2)
      object.add(
        .cone(bottom: 0.08, top: 0.012, half: 0.09), 1.09, colour: SIMD3(0.88, 0.72, 0.5), gloss: 0.1)
      object.add(.cone(bottom: 0.025, top: 0.005, half: 0.03), 1.165, colour: object.colours.dark, gloss: 0.1)
      object.add(
        .cylinder(radius: 0.085, half: 0.05, rounding: 0.01), 0.09, colour: object.colours.light, gloss: 0.3)
      object.add(
        .cylinder(radius: 0.08, half: 0.05, rounding: 0.02), 0.02, colour: SIMD3(0.9, 0.5, 0.64), gloss: 0.1)
    },
    tool("spoon") { object, length, _ in
      object.add(.ellipsoid(radii: SIMD3(0.17, 0.24, 0.06)), length, colour: object.main, gloss: 0.4)
      object.add(
        .cylinder(radius: 0.035, half: length * 0.42, rounding: 0.02), length * 0.4, colour: object.main, gloss: 0.4)
    },
  ]

  /// A tool at any angle; four of them are as likely as one thing of another kind.
  private static func tool(
    _ name: String, _ build: @escaping @Sendable (inout SceneObject, _ length: Float, inout PhiloxStream) -> Void
  ) -> ShapeKind {
    ShapeKind(name: name, share: 0.25) { object, random in
      object.turn(.aboutZ(random.uniform(-1, 1)))
      build(&object, random.uniform(0.7, 1), &random)
    }
  }
}
