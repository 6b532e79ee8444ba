import ARPGTensor

extension SceneObject {
  /// A flower or a tulip on a stalk with leaves; some in a pot.
  mutating func buildFlower(_ random: inout PhiloxStream) {
    let height = random.uniform(0.5, 1), radius = random.uniform(0.12, 0.22)
    let base: Float = random.chance(0.4) ? 0.3 : 0
    if base > 0 {
      add(.cone(bottom: 0.18, top: 0.27, half: 0.15, rounding: 0.01), 0.16, colour: colours.third, gloss: 0.1)
      add(.cylinder(radius: 0.31, half: 0.05, rounding: 0.01), 0.31, colour: colours.third, gloss: 0.1)
    }
    let lean = random.uniform(-0.15, 0.15)
    let stalk = (0..<6).map { index in
      let share = Float(index) / 5
      return SIMD2(lean * share * share, share * height)
    }
    add(
      .rod(outline(stalk, closed: false), radius: random.uniform(0.022, 0.045)), base, colour: Palette.grass,
      gloss: 0.1)
    let colour = random.chance(0.6) ? main : Palette.lively(using: &random)
    if random.chance(2 / 3.0) {
      addBlossom(at: lean, base + height, radius: radius, colour: colour, &random)
    } else {
      addTulip(at: lean, base + height, radius: radius, colour: colour)
    }
    for index in 0..<random.integer(in: 0..<4) {
      let side: Float = index.isMultiple(of: 2) ? -1 : 1
      add(
        .ellipsoid(radii: SIMD3(0.17, 0.065, 0.03)), at: side * 0.15, base + height * random.uniform(0.15, 0.55) + 0.08,
        turned: .aboutZ(side * random.uniform(0.3, 0.9)), colour: Palette.grass, gloss: 0.1)
    }
  }

  private mutating func addBlossom(
    at x: Float, _ y: Float, radius: Float, colour: SIMD3<Float>, _ random: inout PhiloxStream
  ) {
    let count = random.integer(in: 4..<9), petal = radius * random.uniform(0.75, 1.2)
    for index in 0..<count {
      let angle = .pi / 2 + Float(index) * 2 * .pi / Float(count)
      let (sine, cosine) = sineAndCosine(angle)
      let away = radius + petal * 0.55
      add(
        .ellipsoid(radii: SIMD3(petal * 0.9, min(petal * 0.7, 2.6 * (radius + petal * 0.5) / Float(count)), 0.06)),
        at: x + cosine * away, y + sine * away, turned: .aboutZ(angle), colour: colour, gloss: 0.15)
    }
    let heart = random.chance(0.6) ? SIMD3<Float>(0.96, 0.8, 0.2) : accent
    if random.chance(0.5) {
      add(.ellipsoid(radii: SIMD3(radius, radius, 0.09)), at: x, y, 0.03, colour: heart, gloss: 0.15)
    } else {
      add(
        .cylinder(radius: radius, half: 0.06, rounding: 0.03), at: x, y, 0.03, turned: .aboutX(.pi / 2), colour: heart,
        gloss: 0.15)
    }
  }

  private mutating func addTulip(at x: Float, _ y: Float, radius: Float, colour: SIMD3<Float>) {
    add(.ellipsoid(radii: radius * SIMD3(1.1, 1.3, 1)), at: x, y + 0.1, colour: colour, gloss: 0.2)
    let crown = (0..<7).map { index in
      SIMD2(radius * (2.2 * Float(index) / 6 - 1.1), index.isMultiple(of: 2) ? radius * 0.9 : 0)
    }
    let petals = prism(
      crown + [SIMD2(radius * 0.8, -radius), SIMD2(-radius * 0.8, -radius)], half: radius * 0.8, corner: 0.02,
      rounding: 0.04)
    add(petals, at: x, y + 0.2, colour: colour, gloss: 0.2, part: .same)
  }
}
