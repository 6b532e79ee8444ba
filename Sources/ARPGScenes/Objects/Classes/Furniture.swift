import ARPGTensor

extension SceneObject {
  /// A chair on four legs, with a solid back or one of rungs.
  mutating func buildChair(_ random: inout PhiloxStream) {
    let halfWidth = random.uniform(0.36, 0.46), halfDepth = random.uniform(0.34, 0.44)
    let seat = random.uniform(0.42, 0.55), leg = random.uniform(0.03, 0.055), back = random.uniform(0.45, 0.65)
    let frame = random.chance(0.5) ? wood : main
    let cushion = random.chance(0.5) ? frame : accent
    add(.box(half: SIMD3(halfWidth, 0.05, halfDepth), rounding: 0.02), seat, colour: cushion)
    addLegs(thickness: leg, height: seat, x: halfWidth - leg, z: halfDepth - leg, colour: frame)
    let rear = 0.04 - halfDepth
    if random.chance(0.5) {
      add(.box(half: SIMD3(halfWidth, back / 2, 0.04), rounding: 0.02), seat + back / 2, rear, colour: frame)
      return
    }
    for side in Self.sides {
      let post = Shape.box(half: SIMD3(leg, back / 2, 0.035), rounding: 0.01)
      add(post, at: side * (halfWidth - leg), seat + back / 2, rear, colour: frame)
    }
    for rung in 0..<random.integer(in: 2..<4) {
      let share = 0.88 - 0.3 * Float(rung)
      add(
        .box(half: SIMD3(halfWidth, back * 0.085, 0.025), rounding: 0.01), seat + back * share, rear, colour: frame)
    }
  }

  /// A table: a board on four legs, or a round top on a foot.
  mutating func buildTable(_ random: inout PhiloxStream) {
    let height = random.uniform(0.5, 0.7), leg = random.uniform(0.035, 0.06)
    let frame = random.chance(0.6) ? wood : main
    if random.chance(0.6) {
      let halfWidth = random.uniform(0.6, 0.85), halfDepth = random.uniform(0.38, 0.55)
      let top = random.chance(0.5) ? frame : accent
      add(.box(half: SIMD3(halfWidth, 0.045, halfDepth), rounding: 0.015), height, colour: top)
      addLegs(thickness: leg, height: height, x: halfWidth - 0.09, z: halfDepth - 0.09, colour: frame)
    } else {
      let radius = random.uniform(0.5, 0.68)
      let top = random.chance(0.5) ? frame : accent
      add(.cylinder(radius: radius, half: 0.04, rounding: 0.015), height, colour: top)
      add(.cylinder(radius: 0.06, half: height / 2), height / 2, colour: frame)
      add(
        .cone(bottom: radius * 0.55, top: 0.07, half: 0.05), 0.05, join: .smoothUnion(width: 0.08), colour: frame)
    }
  }

  /// A lamp: foot, rod and a hollow shade; half have a knob above the foot.
  mutating func buildLamp(_ random: inout PhiloxStream) {
    let height = random.uniform(0.5, 0.75)
    let bottom = random.uniform(0.32, 0.46)
    let top = bottom * random.uniform(0.45, 0.75), half = random.uniform(0.18, 0.26)
    add(.cylinder(radius: random.uniform(0.22, 0.32), half: 0.035, rounding: 0.015), 0.035, colour: accent)
    add(.cylinder(radius: 0.035, half: height / 2), height / 2, colour: accent)
    if random.chance(0.5) {
      let knob = Shape.sphere(radius: random.uniform(0.12, 0.18))
      add(knob, random.uniform(0.15, 0.25), join: .smoothUnion(width: 0.06), colour: accent, gloss: 0.4)
    }
    let middle = height + half * 0.8
    add(
      .cone(bottom: bottom, top: top, half: half, rounding: 0.01), middle, colour: main.toned(0.8, 0.18), gloss: 0)
    cut(.cone(bottom: bottom - 0.03, top: top - 0.03, half: half), middle - 0.03, colour: SIMD3(0.98, 0.95, 0.8))
  }

  /// Four square legs at places mirrored in x and z.
  private mutating func addLegs(thickness: Float, height: Float, x: Float, z: Float, colour: SIMD3<Float>) {
    let leg = Shape.box(half: SIMD3(thickness, height / 2, thickness), rounding: 0.008)
    for right in Self.sides {
      for front in Self.sides { add(leg, at: right * x, height / 2, front * z, colour: colour) }
    }
  }
}
