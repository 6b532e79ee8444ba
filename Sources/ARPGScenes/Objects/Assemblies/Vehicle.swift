import ARPGTensor

extension SceneObject {
  /// A lorry, a bus, a locomotive or the like from the side.
  mutating func buildVehicle(_ random: inout PhiloxStream) {
    let half = SIMD3(random.uniform(0.5, 0.85), random.uniform(0.1, 0.25), random.uniform(0.25, 0.38))
    let wheel = random.uniform(0.1, 0.22)
    let y = wheel + half.y * random.uniform(0.4, 1), kind = random.integer(in: 0..<4)
    add(.box(half: half, rounding: random.uniform(0.01, 0.08)), y, colour: main)
    let hasCentralCabin = kind == 0
    let side: Float = random.chance(0.5) ? 1 : -1
    let place = hasCentralCabin ? random.uniform(-0.2, 0.1) : side * half.x * random.uniform(0.3, 0.6)
    let width = half.x * (hasCentralCabin ? random.uniform(0.35, 0.6) : random.uniform(0.25, 0.4))
    let cabin = random.uniform(0.12, 0.3)
    add(
      .box(half: SIMD3(width, cabin, half.z * 0.9), rounding: random.uniform(0.02, 0.09)), at: place,
      y + half.y + cabin * 0.8, colour: random.chance(0.5) ? main : accent)
    let glass = random.chance(0.6) ? Palette.glass : Palette.darkGlass
    let windows = random.integer(in: 1..<4)
    for index in 0..<windows {
      mark(
        .box(half: SIMD3(width / Float(windows) * 0.7, cabin * 0.5, 2)),
        at: place - width + 2 * width * (Float(index) + 0.5) / Float(windows), y + half.y + cabin * 0.9, colour: glass,
        on: 1..<2)
    }
    if kind == 1 {
      add(
        .box(half: SIMD3(half.x * 0.45, random.uniform(0.08, 0.25), half.z * 0.9), rounding: 0.02), at: -place * 0.7,
        y + half.y + 0.1, colour: colours.third)
    } else if kind == 2 {
      add(
        .cylinder(radius: 0.07, half: 0.18, rounding: 0.01), at: -place, y + half.y + 0.12, colour: accent)
      add(
        .cylinder(radius: 0.05, half: 0.1, rounding: 0.01), at: -place * 0.4, y + half.y + 0.08, colour: accent)
    }
    let axles = random.chance(0.7) ? 2 : 3
    for axle in 0..<axles {
      let x = half.x * (1.3 * Float(axle) / Float(axles - 1) - 0.65)
      for side in Self.sides {
        add(
          .cylinder(radius: wheel, half: 0.07, rounding: 0.03), at: x, wheel, side * half.z, turned: .aboutX(.pi / 2),
          colour: colours.dark, gloss: 0.1)
        add(
          .cylinder(radius: wheel * 0.5, half: 0.025, rounding: 0.01), at: x, wheel, side * (half.z + 0.06),
          turned: .aboutX(.pi / 2), colour: colours.light, gloss: 0.3)
      }
    }
    if random.chance(0.4) { mark(.box(half: SIMD3(2, half.y * 0.25, 2)), y, colour: accent, on: 0..<1) }
    if random.chance(0.4) {
      for side in Self.sides {
        add(
          .sphere(radius: 0.05), at: half.x * (place > 0 ? 1 : -1) * 0.99, y, side * half.z * 0.6, colour: Palette.lamp,
          gloss: 0.4)
      }
    }
  }

  /// An airplane from the side: body, wings, fins, windows; some climb, some have a propeller.
  mutating func buildAirplane(_ random: inout PhiloxStream) {
    let facing: Float = random.chance(0.5) ? 1 : -1
    let length = random.uniform(0.55, 0.8), radius = random.uniform(0.12, 0.2), y = random.uniform(0.25, 0.5)
    if random.chance(0.3) { turn(.aboutZ(facing * random.uniform(0.1, 0.5))) }
    let body =
      random.chance(0.5)
      ? Shape.capsule(radius: radius, half: length) : .ellipsoid(radii: SIMD3(radius, length, radius))
    add(body, y, turned: .aboutZ(.pi / 2), colour: main)
    let span = random.uniform(0.4, 0.7), fin = random.uniform(0.2, 0.35)
    func blade(_ root: (Float, Float), _ tip: (Float, Float), _ span: Float) -> [SIMD2<Float>] {
      [
        SIMD2(root.0 * facing, 0), SIMD2(root.1 * facing, 0), SIMD2(tip.0 * facing, span), SIMD2(tip.1 * facing, span),
      ]
    }
    for side in Self.sides {
      let wing = prism(blade((0.16, -0.12), (-0.24, -0.1), span), half: 0.025, corner: 0.01, rounding: 0.02)
      add(wing, y - 0.02, side * 0.05, turned: .aboutX(side * .pi / 2), colour: accent)
    }
    let rudder = prism(blade((0.14, -0.12), (-0.18, -0.06), fin), half: 0.025, corner: 0.01, rounding: 0.02)
    add(rudder, at: -facing * length * 0.9, y + radius * 0.4, colour: accent)
    for side in Self.sides {
      let elevator = prism(blade((0.1, -0.08), (-0.14, -0.06), 0.26), half: 0.02, corner: 0.01, rounding: 0.015)
      add(
        elevator, at: -facing * length * 0.9, y + 0.03, side * 0.03, turned: .aboutX(side * .pi / 2), colour: accent)
    }
    for index in 0..<random.integer(in: 2..<6) {
      mark(
        .cylinder(radius: radius * 0.28, half: 1), at: facing * length * (0.5 - 0.25 * Float(index)), y + radius * 0.3,
        turned: .aboutX(.pi / 2), colour: Palette.glass, on: 0..<1)
    }
    if random.chance(0.4) {
      let nose = facing * (length + radius)
      add(
        .cylinder(radius: 0.05, half: 0.04, rounding: 0.01), at: nose, y, turned: .aboutZ(.pi / 2),
        colour: colours.dark, gloss: 0.2)
      add(
        .box(half: SIMD3(0.015, 0.24, 0.03), rounding: 0.01), at: nose + facing * 0.03, y, colour: wood, gloss: 0.2)
    }
  }
}
