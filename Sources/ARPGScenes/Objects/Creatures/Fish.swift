import ARPGTensor

extension SceneObject {
  /// A fish from the side: body, tail, fins, eyes; some with stripes or a mouth.
  mutating func buildFish(_ random: inout PhiloxStream) {
    let facing: Float = random.chance(0.5) ? 1 : -1
    let length = random.uniform(0.4, 0.62)
    let height = length * random.uniform(0.4, 0.85)
    let width = height * random.uniform(0.35, 0.7), y = random.uniform(0.1, 0.4) + height
    add(.ellipsoid(radii: SIMD3(length, height, width)), y, colour: main)
    if random.chance(0.4) {
      add(
        .ellipsoid(radii: SIMD3(length * 0.7, height * 0.55, width * 0.6)), at: -facing * length * 0.5, y,
        join: .smoothUnion(width: 0.12), colour: main)
    }
    let body = 0..<primitives.count
    let fins = random.chance(0.7) ? accent : main
    let tail = random.uniform(0.2, 0.36), tailHeight = height * random.uniform(0.6, 1.2)
    let notch = random.chance(0.6) ? [SIMD2(-facing * tail * 0.3, 0)] : []
    addFin(
      [SIMD2(facing * tail, 0), SIMD2(-facing * tail * 0.8, tailHeight)] + notch
        + [SIMD2(-facing * tail * 0.8, -tailHeight)],
      at: -facing * (length + tail * 0.5), y, thickness: width * 0.18, colour: fins)
    if random.chance(0.75) {
      let half = length * random.uniform(0.3, 0.5), rise = height * random.uniform(0.4, 0.7)
      let top = -facing * half * random.uniform(0.2, 0.9)
      addFin(
        [SIMD2(-half, -rise * 0.6), SIMD2(half, -rise * 0.6), SIMD2(top, rise)], at: 0, y + height * 0.98,
        thickness: width * 0.14, colour: fins)
    }
    if random.chance(0.5) {
      let half = length * 0.25, fall = height * 0.35
      addFin(
        [SIMD2(-half, fall), SIMD2(half, fall), SIMD2(-facing * half * 0.9, -fall)], at: 0, y - height * 1.02,
        thickness: width * 0.12, colour: fins)
    }
    for side in Self.sides {
      let eye = height * random.uniform(0.12, 0.2)
      add(
        .cylinder(radius: eye * 1.3, half: 0.035, rounding: 0.02), at: facing * length * 0.6, y + height * 0.2,
        side * width * 0.72, turned: .aboutX(.pi / 2), colour: colours.light, gloss: 0.3)
      add(
        .cylinder(radius: eye * 0.7, half: 0.02, rounding: 0.01), at: facing * length * 0.61, y + height * 0.2,
        side * (width * 0.72 + 0.03), turned: .aboutX(.pi / 2), colour: colours.dark, gloss: 0.4)
      if random.chance(0.6) {
        let fin = prism(
          [SIMD2(facing * 0.1, 0), SIMD2(-facing * 0.14, 0.1), SIMD2(-facing * 0.14, -0.1)], half: 0.03, corner: 0.02,
          rounding: 0.02)
        add(
          fin, at: -facing * 0.02, y - height * 0.15, side * width * 0.95, turned: .aboutY(side * facing * 0.3),
          colour: fins)
      }
    }
    if random.chance(0.5) {
      let count = random.integer(in: 1..<5), half = length * random.uniform(0.05, 0.1)
      for index in 0..<count {
        let place = 0.3 - 0.9 * (Float(index) + 0.5) / Float(count)
        mark(
          .box(half: SIMD3(half, 2, 2)), at: facing * length * place, y, turned: .aboutZ(random.uniform(-0.15, 0.15)),
          colour: random.chance(0.9) ? accent : colours.third, on: body)
      }
    }
    if random.chance(0.4) {
      let points = (0..<6).map { index in
        let share = Float(index) / 5
        return SIMD2(facing * length * 0.12 * share, -height * 0.12 * share * share)
      }
      let mouth = Shape.band(outline(points, closed: false), halfWidth: 0.018, half: 1)
      mark(mouth, at: facing * length * 0.8, y - height * 0.2, colour: colours.dark)
    }
  }

  private mutating func addFin(
    _ points: [SIMD2<Float>], at x: Float, _ y: Float, thickness: Float, colour: SIMD3<Float>
  ) {
    add(prism(points, half: thickness, corner: 0.02, rounding: thickness * 0.7), at: x, y, colour: colour)
  }
}
