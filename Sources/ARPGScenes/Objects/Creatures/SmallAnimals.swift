import ARPGTensor

extension SceneObject {
  /// A bird or a duck from the side.
  mutating func buildBird(_ random: inout PhiloxStream) {
    let facing: Float = random.chance(0.5) ? 1 : -1
    let length = random.uniform(0.32, 0.45), height = random.uniform(0.22, 0.3), y = random.uniform(0.1, 0.35) + height
    add(.ellipsoid(radii: SIMD3(length, height, height * 0.85)), y, colour: main)
    let head = random.uniform(0.15, 0.22)
    let place = SIMD2(facing * length * 0.85, y + height * random.uniform(0.7, 1.2))
    add(.sphere(radius: head), at: place.x, place.y, join: .smoothUnion(width: 0.12), colour: main)
    add(
      .cone(bottom: head * 0.4, top: 0.012, half: 0.1, rounding: 0.01), at: place.x + facing * (head + 0.06),
      place.y - 0.02, turned: .aboutZ(-facing * .pi / 2), colour: Palette.beak, gloss: 0.2)
    for side in Self.sides {
      add(
        .sphere(radius: head * 0.17), at: place.x + facing * head * 0.4, place.y + head * 0.3, side * head * 0.8,
        colour: colours.dark, gloss: 0.4)
      add(
        .ellipsoid(radii: SIMD3(length * 0.6, height * 0.45, 0.05)), at: -facing * length * 0.1, y + 0.03,
        side * height * 0.8, turned: .aboutZ(facing * 0.25), colour: random.chance(0.7) ? accent : main)
      addRod(
        from: SIMD3(0, y - height * 0.7, side * 0.09), to: SIMD3(0, 0.03, side * 0.09), radius: 0.022,
        colour: Palette.beak, gloss: 0.1)
      add(
        .ellipsoid(radii: SIMD3(0.1, 0.025, 0.06)), at: facing * 0.05, 0.025, side * 0.09, colour: Palette.beak,
        gloss: 0.1)
    }
    let tail = prism(
      [SIMD2(facing * 0.15, -0.06), SIMD2(facing * 0.15, 0.08), SIMD2(-facing * 0.2, 0.14)], half: 0.05, corner: 0.03,
      rounding: 0.05)
    add(tail, at: -facing * (length + 0.02), y + 0.08, colour: main)
  }

  /// A butterfly from above, put upright: body, four wings with spots, feelers.
  mutating func buildButterfly(_ random: inout PhiloxStream) {
    let half = random.uniform(0.28, 0.4), y: Float = 0.65
    addRod(
      from: SIMD3(0, y - half, 0), to: SIMD3(0, y + half, 0), radius: 0.06, colour: colours.dark, gloss: 0.2)
    add(.sphere(radius: 0.09), y + half + 0.06, colour: colours.dark, gloss: 0.2)
    let lower = random.chance(0.5) ? main : accent
    let hasSpots = random.chance(0.7)
    for side in Self.sides {
      let first = primitives.count
      add(
        .ellipsoid(radii: SIMD3(0.3, 0.24, 0.05)), at: side * 0.32, y + 0.18, turned: .aboutZ(side * 0.5), colour: main,
        gloss: 0.2)
      add(
        .ellipsoid(radii: SIMD3(0.22, 0.2, 0.05)), at: side * 0.26, y - 0.2, turned: .aboutZ(-side * 0.5),
        colour: lower, gloss: 0.2)
      let wings = first..<primitives.count
      if hasSpots {
        mark(
          .cylinder(radius: 0.1, half: 1), at: side * 0.38, y + 0.22, turned: .aboutX(.pi / 2), colour: accent,
          on: wings)
        mark(
          .cylinder(radius: 0.08, half: 1), at: side * 0.28, y - 0.2, turned: .aboutX(.pi / 2), colour: colours.third,
          on: wings)
      }
      addRod(
        from: SIMD3(0, y + half + 0.1, 0), to: SIMD3(side * 0.14, y + half + 0.3, 0), radius: 0.014,
        colour: colours.dark, gloss: 0.1)
    }
  }

  /// A snail from the side: foot, a shell with a spiral, feelers with knobs.
  mutating func buildSnail(_ random: inout PhiloxStream) {
    let facing: Float = random.chance(0.5) ? 1 : -1
    let shell = random.uniform(0.28, 0.4), foot = random.uniform(0.5, 0.65)
    addLimb(
      from: SIMD3(-facing * foot, 0.05, 0), to: SIMD3(facing * foot * 0.8, 0.08, 0), radii: (0.04, 0.1), colour: main)
    let head = SIMD3(facing * foot, random.uniform(0.3, 0.45), 0)
    addLimb(
      from: SIMD3(facing * foot * 0.75, 0.08, 0), to: head, radii: (0.1, 0.1), join: .smoothUnion(width: 0.1),
      colour: main)
    add(
      .cylinder(radius: shell, half: 0.14, rounding: 0.1), at: -facing * 0.08, shell + 0.06, turned: .aboutX(.pi / 2),
      colour: accent)
    let turns = random.uniform(1.6, 2.6) * 2 * .pi, count = 26
    let spiral = (0...count).map { index in
      let share = Float(index) / Float(count)
      let (sine, cosine) = sineAndCosine(share * turns)
      return SIMD2(facing * cosine, sine) * shell * (0.08 + 0.82 * share)
    }
    let thread = outline(spiral, closed: false)
    if random.chance(0.5) {
      mark(.band(thread, halfWidth: 0.022, half: 1), at: -facing * 0.08, shell + 0.06, colour: colours.dark)
    } else {
      add(.rod(thread, radius: 0.03), at: -facing * 0.08, shell + 0.06, 0.13, colour: colours.third)
    }
    for side in Self.sides {
      let tip = head + SIMD3(facing * (0.06 + 0.05 * side), random.uniform(0.18, 0.3), 0.05 * side)
      addRod(from: head, to: tip, radius: 0.016, colour: main)
      add(.sphere(radius: 0.035), at: tip.x, tip.y, tip.z, colour: random.chance(0.5) ? colours.dark : main)
      add(
        .sphere(radius: 0.02), at: head.x + facing * 0.05, head.y + 0.03, side * 0.085, colour: colours.dark, gloss: 0.4
      )
    }
  }

  /// A person from the front, in trousers or a dress.
  mutating func buildPerson(_ random: inout PhiloxStream) {
    let head = random.uniform(0.16, 0.24), trunk = random.uniform(0.2, 0.3), legs = random.uniform(0.2, 0.4)
    let y = legs + trunk
    let hasDress = random.chance(0.4)
    if hasDress {
      add(
        .cone(bottom: random.uniform(0.26, 0.38), top: 0.09, half: trunk * 0.9 + legs * 0.2, rounding: 0.02),
        legs * 0.5 + trunk * 0.8, colour: main, gloss: 0.1)
    } else {
      add(.box(half: SIMD3(head * 1.05, trunk, head * 0.65), rounding: 0.06), y, colour: main, gloss: 0.1)
    }
    let top = y + trunk + head * 0.85
    add(.sphere(radius: head), top, colour: Palette.skin, gloss: 0.1)
    addSolidFace(0, top, head * 0.9, size: head * 0.95, &random)
    if random.chance(0.7) {
      add(
        .ellipsoid(radii: head * SIMD3(1.06, 0.85, 0.95)), top + head * 0.3, -head * 0.15,
        colour: random.chance(0.6) ? wood : colours.dark, gloss: 0.1)
    }
    let lift = random.uniform(-0.3, 0.3)
    for side in Self.sides {
      let hand = SIMD3(side * (head + 0.3), y + lift, 0.03)
      addLimb(
        from: SIMD3(side * head * 0.95, y + trunk * 0.7, 0), to: hand, radii: (0.06, 0.055),
        colour: hasDress ? Palette.skin : main, gloss: 0.1)
      add(.sphere(radius: 0.065), at: hand.x, hand.y, hand.z, colour: Palette.skin, gloss: 0.1)
      addLimb(
        from: SIMD3(side * head * 0.55, y - trunk * 0.7, 0), to: SIMD3(side * head * 0.6, 0.07, 0),
        radii: (0.075, 0.07), colour: hasDress ? Palette.skin : accent, gloss: 0.1)
      add(
        .ellipsoid(radii: SIMD3(0.08, 0.055, 0.12)), at: side * head * 0.62, 0.05, 0.05, colour: colours.dark,
        gloss: 0.2)
    }
  }
}
