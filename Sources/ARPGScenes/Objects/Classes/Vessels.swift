import ARPGTensor

extension SceneObject {
  /// A mug: a slanted wall, hollow, and a handle; some have a band, some coffee.
  mutating func buildMug(_ random: inout PhiloxStream) {
    let half = random.uniform(0.38, 0.6)
    let top = random.uniform(0.34, 0.48)
    let bottom = top * random.uniform(0.85, 1.08)
    add(.cone(bottom: bottom, top: top, half: half - 0.02, rounding: 0.02), half, colour: main, gloss: 0.3)
    let handle = Shape.torus(ring: half * random.uniform(0.45, 0.62), tube: random.uniform(0.05, 0.075))
    add(
      handle, at: top + 0.02, half, turned: .aboutX(.pi / 2), join: .smoothUnion(width: 0.06), colour: main, gloss: 0.3)
    if random.chance(0.4) {
      let band = Shape.cylinder(
        radius: max(top, bottom) * 0.985 + 0.022, half: half * random.uniform(0.12, 0.25), rounding: 0.01)
      add(band, half, colour: accent, gloss: 0.3)
    }
    let inside = random.chance(0.6) ? main.toned(0.5, 0.45) : main
    cut(.cone(bottom: bottom - 0.05, top: top - 0.05, half: half), half + 0.09, colour: inside)
    if random.chance(0.35) {
      add(.cylinder(radius: top - 0.05, half: 0.02), 2 * half - 0.17, colour: SIMD3(0.33, 0.2, 0.12), gloss: 0.1)
    }
  }

  /// A bottle: body, shoulder, neck and cap; most have a label.
  mutating func buildBottle(_ random: inout PhiloxStream) {
    let radius = random.uniform(0.2, 0.3), half = random.uniform(0.4, 0.55)
    let neck = random.uniform(0.07, 0.1), neckHalf = random.uniform(0.15, 0.28)
    let neckBase = 2 * half + 0.15
    add(.cylinder(radius: radius, half: half, rounding: 0.05), half, colour: main, gloss: 0.4)
    add(
      .cone(bottom: radius * 0.9, top: neck, half: 0.1), 2 * half + 0.06, join: .smoothUnion(width: 0.12), colour: main,
      gloss: 0.4)
    add(
      .cylinder(radius: neck, half: neckHalf, rounding: 0.01), neckBase + neckHalf / 2,
      join: .smoothUnion(width: 0.08), colour: main, gloss: 0.4)
    add(
      .cylinder(radius: neck + 0.025, half: 0.06, rounding: 0.015), neckBase + neckHalf * 1.5, colour: accent,
      gloss: 0.2)
    if random.chance(0.65) {
      let label = Shape.cylinder(radius: radius + 0.006, half: half * random.uniform(0.3, 0.5), rounding: 0.003)
      let paper = SIMD3<Float>(0.95, 0.93, 0.88)
      add(label, half * random.uniform(0.8, 1.1), colour: random.chance(0.5) ? paper : accent, gloss: 0.05)
    }
  }

  /// A vase: a belly that flows into foot, neck and lip; half have a ring around the belly.
  mutating func buildVase(_ random: inout PhiloxStream) {
    let radius = random.uniform(0.32, 0.45), half = random.uniform(0.32, 0.5)
    let neck = random.uniform(0.1, 0.18)
    let lip = neck + random.uniform(0.06, 0.16)
    let rise = 0.6 * random.uniform(0.25, 0.45)
    add(.ellipsoid(radii: SIMD3(radius, half, radius)), half, colour: main, gloss: 0.4)
    add(
      .cone(bottom: radius * 0.62, top: radius * 0.5, half: 0.06), 0.06, join: .smoothUnion(width: 0.15), colour: main,
      gloss: 0.4)
    add(
      .cylinder(radius: neck, half: rise), 2 * half, join: .smoothUnion(width: 0.22), colour: main, gloss: 0.4)
    add(
      .cone(bottom: neck, top: lip, half: 0.08, rounding: 0.01), 2 * half + rise, join: .smoothUnion(width: 0.1),
      colour: main, gloss: 0.4)
    cut(.cone(bottom: neck - 0.05, top: lip - 0.04, half: 0.1), 2 * half + rise + 0.05, colour: main.toned(0.6))
    if random.chance(0.5) { add(.torus(ring: radius - 0.005, tube: 0.03), half, colour: accent, gloss: 0.3) }
  }

  /// A bowl on a foot; a third hold fruit.
  mutating func buildBowl(_ random: inout PhiloxStream) {
    let radius = random.uniform(0.5, 0.7)
    let height = radius * random.uniform(0.55, 0.8)
    let rim = height + 0.05
    add(.ellipsoid(radii: SIMD3(radius, height, radius)), rim, colour: main, gloss: 0.3)
    add(
      .cylinder(radius: radius * random.uniform(0.4, 0.55), half: 0.05, rounding: 0.01), 0.05,
      join: .smoothUnion(width: 0.06), colour: main, gloss: 0.3)
    cut(.box(half: SIMD3(2, radius, 2)), rim + radius, colour: main)
    let inside = random.chance(0.5) ? accent : main.toned(0.6, 0.35)
    cut(.ellipsoid(radii: SIMD3(radius - 0.05, height - 0.04, radius - 0.05)), rim + 0.03, colour: inside)
    guard random.chance(0.35) else { return }
    for _ in 0..<random.integer(in: 2..<5) {
      let (sine, cosine) = sineAndCosine(random.uniform(0, 2 * .pi))
      let away = radius * random.uniform(0.1, 0.38)
      add(
        .sphere(radius: random.uniform(0.12, 0.18)), at: away * cosine, height - 0.02 + random.uniform(-0.05, 0.08),
        away * sine, colour: random.pick(Palette.fruits), gloss: 0.3)
    }
  }
}
