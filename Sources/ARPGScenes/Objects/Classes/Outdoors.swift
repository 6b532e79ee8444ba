import ARPGTensor

extension SceneObject {
  /// A house: a roof, a door, windows to three sides; most have a chimney.
  mutating func buildHouse(_ random: inout PhiloxStream) {
    let halfWidth = random.uniform(0.45, 0.6), halfDepth = random.uniform(0.4, 0.6)
    let half = random.uniform(0.28, 0.42), roof = random.uniform(0.3, 0.5)
    add(.box(half: SIMD3(halfWidth, half, halfDepth)), half, colour: main, gloss: 0.02)
    add(
      .roof(halfWidth: halfWidth + 0.12, height: roof, halfDepth: halfDepth + 0.1, rounding: 0.01), 2 * half - 0.01,
      colour: accent, gloss: 0.02)
    let door = Palette.paint(unlike: main, using: &random)
    add(.box(half: SIMD3(0.1, 0.19, 0.02)), at: random.uniform(-0.12, 0.12), 0.19, halfDepth, colour: door, gloss: 0.02)
    let glass = random.chance(0.5) ? SIMD3<Float>(0.93, 0.92, 0.75) : SIMD3(0.35, 0.5, 0.62)
    for side in Self.sides {
      add(
        .box(half: SIMD3(0.085, 0.095, 0.015)), at: side * halfWidth * 0.66, half * 1.15, halfDepth, colour: glass,
        gloss: 0.3)
      add(
        .box(half: SIMD3(0.015, 0.1, 0.12)), at: side * halfWidth, half * 1.15, random.uniform(-0.1, 0.1),
        colour: glass, gloss: 0.3)
    }
    if random.chance(0.6) {
      add(
        .box(half: SIMD3(0.075, roof * 0.45, 0.075)), at: halfWidth / 2, 2 * half + roof * 0.62, -0.3 * halfDepth,
        colour: SIMD3(0.6, 0.3, 0.25), gloss: 0.02)
    }
  }

  /// A tree: a fir of two or three cones, or a round crown with three boughs.
  mutating func buildTree(_ random: inout PhiloxStream) {
    let trunk = random.uniform(0.07, 0.11), half = random.uniform(0.25, 0.45)
    let leaves = random.pick(Palette.leaves)
    add(
      .cone(bottom: trunk * 1.3, top: trunk * 0.8, half: half), half, colour: SIMD3(0.45, 0.3, 0.2), gloss: 0)
    if random.chance(0.5) {
      let tiers = random.integer(in: 2..<4)
      let radius = random.uniform(0.42, 0.58), tier = random.uniform(0.22, 0.28)
      for index in 0..<tiers {
        let bottom = radius * (1 - 0.27 * Float(index))
        let top = index == tiers - 1 ? radius * 0.08 : bottom * 0.25
        add(
          .cone(bottom: bottom, top: top, half: tier, rounding: 0.02),
          half * 1.3 + tier * (0.6 + 1.15 * Float(index)), colour: leaves, gloss: 0)
      }
    } else {
      let radius = random.uniform(0.34, 0.46)
      add(.sphere(radius: radius), 2 * half + radius * 0.7, colour: leaves, gloss: 0)
      for index in 0..<3 {
        let (sine, cosine) = sineAndCosine(random.uniform(0, 2) + 2.1 * Float(index))
        add(
          .sphere(radius: radius * random.uniform(0.5, 0.75)), at: radius * 0.6 * cosine,
          2 * half + radius * random.uniform(0.3, 0.7), radius * 0.6 * sine, join: .smoothUnion(width: 0.1),
          colour: leaves, gloss: 0)
      }
    }
  }

  /// A mushroom, half of them red; most have dots.
  mutating func buildMushroom(_ random: inout PhiloxStream) {
    let half = random.uniform(0.3, 0.5), radius = random.uniform(0.4, 0.6)
    let height = radius * random.uniform(0.55, 0.9), stem = random.uniform(0.1, 0.17)
    let flesh = SIMD3<Float>(0.93, 0.88, 0.78)
    let rim = 2 * half - 0.05
    let cap = random.chance(0.5) ? main : SIMD3(0.82, 0.2, 0.17)
    add(.ellipsoid(radii: SIMD3(radius, height, radius)), rim, colour: cap, gloss: 0.2)
    cut(.box(half: SIMD3(2, 1, 2)), rim - 1, colour: flesh)
    add(
      .cone(bottom: stem * 1.25, top: stem, half: half), half, join: .smoothUnion(width: 0.06), colour: flesh,
      gloss: 0.05)
    guard random.chance(0.75) else { return }
    for index in 0..<7 {
      let around = sineAndCosine(2.4 * Float(index) + random.uniform(0, 1))
      let above = sineAndCosine(random.uniform(0.25, 1.35))
      add(
        .sphere(radius: random.uniform(0.05, 0.09)), at: radius * above.cosine * around.cosine,
        rim + height * above.sine, radius * above.cosine * around.sine, colour: SIMD3(0.96, 0.94, 0.9), gloss: 0.1)
    }
  }

  /// A snowman of three balls with a nose, eyes, buttons and arms; most have a scarf, most a hat.
  mutating func buildSnowman(_ random: inout PhiloxStream) {
    let base = random.uniform(0.34, 0.42)
    let chest = base * random.uniform(0.66, 0.78)
    let head = chest * random.uniform(0.66, 0.8)
    let snow = SIMD3<Float>(0.94, 0.95, 0.97), coal = SIMD3<Float>(0.12, 0.12, 0.13)
    let middle = base * 1.8 + chest * 0.6
    let top = middle + chest * 0.8 + head * 0.65
    add(.sphere(radius: base), base * 0.95, colour: snow)
    add(.sphere(radius: chest), middle, join: .smoothUnion(width: 0.05), colour: snow, part: .new)
    add(.sphere(radius: head), top, join: .smoothUnion(width: 0.03), colour: snow, part: .new)
    let nose = Shape.cone(bottom: 0.05, top: 0.008, half: 0.13)
    add(nose, top, head + 0.1, turned: .aboutX(.pi / 2), colour: SIMD3(0.93, 0.5, 0.15))
    for side in Self.sides {
      add(.sphere(radius: 0.035), at: side * head * 0.4, top + head * 0.3, head * 0.84, colour: SIMD3(repeating: 0.1))
    }
    for (height, depth): (Float, Float) in [(0.45, 0.9), (0.05, 1), (-0.35, 0.93)] {
      add(.sphere(radius: 0.04), middle + chest * height, chest * depth, colour: coal)
    }
    if random.chance(0.7) {
      add(.torus(ring: head * 0.85, tube: 0.07), middle + chest * 0.8, colour: main, gloss: 0)
    }
    if random.chance(0.7) {
      let felt = SIMD3<Float>(0.15, 0.15, 0.17)
      let brim = top + head * 0.75
      add(.cylinder(radius: head * 1.1, half: 0.025), brim, colour: random.chance(0.5) ? accent : felt)
      add(.cylinder(radius: head * 0.72, half: 0.14), brim + 0.14, colour: felt)
    }
    for side in Self.sides {
      add(
        .capsule(radius: 0.022, half: 0.2), at: side * (chest + 0.16), middle + 0.08,
        turned: .aboutZ(-side * random.uniform(0.8, 1.2)), colour: SIMD3(0.4, 0.27, 0.18))
    }
  }
}
