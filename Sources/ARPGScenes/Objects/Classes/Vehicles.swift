import ARPGTensor

extension SceneObject {
  /// A car that drives along x: body, glass, roof, wheels and headlights.
  mutating func buildCar(_ random: inout PhiloxStream) {
    let half = random.uniform(0.68, 0.85), halfWidth = random.uniform(0.3, 0.38), body = random.uniform(0.13, 0.18)
    let wheel = random.uniform(0.14, 0.18)
    let middle = wheel + body * 0.7
    add(.box(half: SIMD3(half, body, halfWidth), rounding: 0.07), middle, colour: main, gloss: 0.45)
    let cabin = half * random.uniform(0.42, 0.6), glass = random.uniform(0.13, 0.2), place = random.uniform(-0.18, 0.02)
    add(
      .box(half: SIMD3(cabin, glass, halfWidth * 0.86), rounding: 0.09), at: place, middle + body + glass * 0.6,
      colour: SIMD3(0.3, 0.4, 0.48), gloss: 0.5)
    add(
      .box(half: SIMD3(cabin * 0.85, 0.04, halfWidth * 0.8), rounding: 0.03), at: place, middle + body + glass * 1.45,
      colour: main, gloss: 0.45)
    let tyre = Shape.cylinder(radius: wheel, half: 0.07, rounding: 0.02)
    let rim = Shape.cylinder(radius: wheel / 2, half: 0.03, rounding: 0.01)
    for end in Self.sides {
      for side in Self.sides {
        let x = end * half * 0.58
        add(
          tyre, at: x, wheel, side * halfWidth, turned: .aboutX(.pi / 2), colour: SIMD3(0.15, 0.15, 0.17), gloss: 0.1)
        add(
          rim, at: x, wheel, side * (halfWidth + 0.05), turned: .aboutX(.pi / 2), colour: SIMD3(0.8, 0.8, 0.82),
          gloss: 0.4)
      }
    }
    for side in Self.sides {
      add(
        .sphere(radius: 0.055), at: half - 0.02, middle + 0.03, side * halfWidth * 0.62,
        colour: SIMD3(0.97, 0.94, 0.75), gloss: 0.4)
    }
  }

  /// A boat: a hollow hull with a sail, or with a cabin and a funnel.
  mutating func buildBoat(_ random: inout PhiloxStream) {
    let half = random.uniform(0.62, 0.8), halfWidth = random.uniform(0.26, 0.34), hull = random.uniform(0.2, 0.28)
    add(.ellipsoid(radii: SIMD3(half, hull + 0.1, halfWidth)), hull + 0.12, colour: main, gloss: 0.2)
    cut(.box(half: SIMD3(2, 1, 2)), hull + 1.05, colour: wood)
    cut(.ellipsoid(radii: SIMD3(half * 0.88, hull, halfWidth * 0.82)), hull + 0.15, colour: wood)
    if random.chance(0.7) {
      let mast = random.uniform(0.85, 1.1)
      add(.cylinder(radius: 0.028, half: mast * 0.75), hull * 0.3 + mast * 0.7, colour: SIMD3(0.5, 0.35, 0.22))
      add(
        .roof(halfWidth: random.uniform(0.34, 0.5), height: mast, halfDepth: 0.015), at: 0.06, hull + 0.2,
        colour: accent.toned(0.5, 0.48), gloss: 0)
    } else {
      add(.box(half: SIMD3(0.22, 0.15, halfWidth * 0.55), rounding: 0.03), at: -0.1, hull + 0.12, colour: accent)
      add(.cylinder(radius: 0.07, half: 0.16), at: -0.12, hull + 0.38, colour: SIMD3(0.85, 0.3, 0.25))
    }
  }

  /// A rocket: a tube with a nose, an engine, three or four fins and three portholes.
  mutating func buildRocket(_ random: inout PhiloxStream) {
    let radius = random.uniform(0.2, 0.27), half = random.uniform(0.4, 0.52)
    let middle = 0.2 + half
    add(.cylinder(radius: radius, half: half), middle, colour: main, gloss: 0.4)
    add(
      .cone(bottom: radius, top: 0.03, half: 0.21, rounding: 0.01), middle + half + 0.2, colour: accent, gloss: 0.4)
    add(
      .cone(bottom: radius * 0.9, top: radius * 0.6, half: 0.08), 0.14, colour: SIMD3(0.35, 0.35, 0.38), gloss: 0.4)
    let fins = random.integer(in: 3..<5)
    let first = random.uniform(0, 3)
    for index in 0..<fins {
      let angle = first + 2 * .pi * Float(index) / Float(fins)
      let (sine, cosine) = sineAndCosine(angle)
      let fin = Shape.roof(halfWidth: 0.24, height: random.uniform(0.5, 0.55), halfDepth: 0.025, rounding: 0.008)
      add(
        fin, at: 0.9 * radius * cosine, 0.02, 0.9 * radius * sine, turned: .aboutY(-angle), colour: accent, gloss: 0.3)
    }
    let porthole = Shape.cylinder(radius: 0.095, half: 0.02, rounding: 0.01)
    let start = random.uniform(0, 2 * .pi)
    for index in 1...3 {
      let angle = start + 2.1 * Float(index)
      let (sine, cosine) = sineAndCosine(angle)
      add(
        porthole, at: radius * cosine, middle + half * 0.35, radius * sine,
        turned: .aboutY(-angle).after(.aboutZ(.pi / 2)), colour: SIMD3(0.55, 0.75, 0.88), gloss: 0.5)
    }
  }
}
