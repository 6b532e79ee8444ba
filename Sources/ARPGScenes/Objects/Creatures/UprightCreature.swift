import ARPGTensor

extension SceneObject {
  /// A creature from the front: body, head with ears and a face, arms and legs, perhaps whiskers, buttons and a hat.
  mutating func buildUprightCreature(_ random: inout PhiloxStream) {
    let head = random.uniform(0.24, 0.42)
    let width = head * random.uniform(0.7, 1.25), height = random.uniform(0.22, 0.42)
    let legs = random.chance(0.7) ? random.uniform(0.05, 0.3) : 0
    let middle = legs + height * 0.9
    let colour = random.chance(0.65) ? main : accent
    addBody(width: width, height: height, at: middle, colour: colour, &random)

    let headHeight = middle + height + head * random.uniform(0.55, 0.8)
    let isRobot = random.chance(0.15)
    if isRobot {
      add(
        .box(half: SIMD3(head * random.uniform(0.9, 1.2), head * 0.8, head * 0.75), rounding: 0.05), headHeight,
        colour: main)
    } else {
      add(.ellipsoid(radii: SIMD3(head * random.uniform(0.95, 1.25), head, head * 0.85)), headHeight, colour: main)
    }
    if random.chance(0.85) {
      addHeadEars(
        at: headHeight, -head * 0.05, radius: head, colour: random.chance(0.75) ? main : accent, &random)
    } else if isRobot {
      add(.cylinder(radius: 0.015, half: head * 0.3), headHeight + head, colour: colours.dark, gloss: 0.2)
      add(.sphere(radius: 0.05), headHeight + head * 1.35, colour: accent, gloss: 0.3)
    }
    addSolidFace(0, headHeight, head * (isRobot ? 0.75 : 0.8), size: head * 0.95, &random)
    if random.chance(0.25) {
      addWhiskers(
        at: headHeight, radius: head, rows: [(-0.15, -0.05), (-0.15 - 0.05 / head, -0.35)], reach: 1.25,
        depth: (0.8, 0.7))
    }
    addArms(width: width, height: height, at: middle, colour: colour, &random)
    addFeet(width: width, height: height, at: middle, legs: legs, colour: colour, &random)
    if random.chance(0.2) {
      for index in 0..<random.integer(in: 2..<4) {
        add(
          .sphere(radius: 0.035), middle + height * (0.4 - 0.35 * Float(index)), width * 0.78, colour: colours.third,
          gloss: 0.3)
      }
    }
    if random.chance(0.2) {
      if random.chance(0.5) {
        addHat(at: headHeight + head * 0.8, brim: head * 0.95, crown: head * 0.6, half: head * 0.35)
      } else {
        add(
          .cone(bottom: head * 0.5, top: 0.01, half: head * 0.5, rounding: 0.01), headHeight + head * 1.25,
          colour: colours.third, gloss: 0.1)
      }
    }
  }

  /// A head alone: round or a disc, with a face; some with ears, hair, a hat or whiskers.
  mutating func buildHead(_ random: inout PhiloxStream) {
    let radius = random.uniform(0.42, 0.6)
    let y = radius * random.uniform(1, 1.15)
    let colour = random.chance(0.5) ? main : Palette.skin
    let isFlat = random.chance(0.3)
    if isFlat {
      add(.cylinder(radius: radius, half: 0.15, rounding: 0.08), y, turned: .aboutX(.pi / 2), colour: colour)
    } else {
      add(.ellipsoid(radii: SIMD3(radius * random.uniform(0.85, 1.1), radius, radius * 0.8)), y, colour: colour)
    }
    let skull = 0..<primitives.count
    if random.chance(0.7) {
      addHeadEars(at: y, 0, radius: radius, colour: random.chance(0.8) ? colour : accent, &random)
    }
    if isFlat {
      addPaintedFace(0, y, 0.16, size: radius * 0.9, on: skull, &random)
    } else {
      addSolidFace(0, y, radius * 0.76, size: radius * 0.9, &random)
    }
    if random.chance(0.35) {
      add(
        .ellipsoid(radii: radius * SIMD3(1.05, 0.8, 0.85)), y + radius * 0.35, -radius * 0.12,
        colour: random.chance(0.5) ? wood : accent)
    }
    if random.chance(0.2) {
      addHat(at: y + radius * 0.85, brim: radius * 1.1, crown: radius * 0.65, half: radius * 0.35)
    }
    if random.chance(0.2) {
      addWhiskers(
        at: y, radius: radius, rows: (0..<3).map { (-0.2, -0.05 - 0.2 * Float($0)) }, reach: 1.2, depth: (0.8, 0.6))
    }
  }

  private mutating func addBody(
    width: Float, height: Float, at middle: Float, colour: SIMD3<Float>, _ random: inout PhiloxStream
  ) {
    switch random.integer(in: 0..<5) {
    case 3: add(.box(half: SIMD3(width * 0.85, height, width * 0.6), rounding: width * 0.2), middle, colour: colour)
    case 4: add(.cone(bottom: width, top: width * 0.5, half: height * 0.9, rounding: 0.05), middle, colour: colour)
    default:
      add(.ellipsoid(radii: SIMD3(width, height, width * 0.8)), middle, colour: colour)
      guard random.chance(0.4) else { return }
      mark(
        .ellipsoid(radii: SIMD3(width * 0.6, height * 0.65, width * 0.5)), middle - height * 0.1, width * 0.8,
        colour: random.chance(0.5) ? colours.light : accent, on: primitives.count - 1..<primitives.count)
    }
  }

  /// Ears of a head that looks to the front: pointed, round, long or hanging, or none.
  private mutating func addHeadEars(
    at y: Float, _ z: Float, radius: Float, colour: SIMD3<Float>, _ random: inout PhiloxStream
  ) {
    let kind = random.integer(in: 0..<6)
    guard kind < 5 else { return }
    let aside = radius * random.uniform(0.45, 0.8)
    for side in Self.sides {
      let x = side * aside, y = y + radius * 0.72
      switch kind {
      case 0, 1:
        let half = radius * random.uniform(0.4, 0.44)
        let ear = prism(
          [SIMD2(-half, -half * 0.6), SIMD2(half, -half * 0.6), SIMD2(side * half * 0.35, half * 1.2)],
          half: radius * 0.14, corner: radius * 0.05, rounding: radius * 0.1)
        add(ear, at: x, y + half * 0.2, z, colour: colour)
      case 2:
        add(.sphere(radius: radius * random.uniform(0.3, 0.42)), at: x, y, z, colour: colour)
        if random.chance(0.5) {
          add(.ellipsoid(radii: radius * SIMD3(0.2, 0.2, 0.12)), at: x, y, z + radius * 0.26, colour: accent)
        }
      case 3:
        add(
          .ellipsoid(radii: radius * SIMD3(0.2, random.uniform(0.6, 0.9), 0.16)), at: x * 0.8, y + radius * 0.55, z,
          turned: .aboutZ(-side * random.uniform(0.05, 0.4)), colour: colour)
      default:
        add(
          .ellipsoid(radii: radius * SIMD3(0.25, random.uniform(0.5, 0.75), 0.18)), at: x + side * radius * 0.35,
          y - radius * 0.35, z, turned: .aboutZ(side * random.uniform(0, 0.5)), colour: colour)
      }
    }
  }

  private mutating func addArms(
    width: Float, height: Float, at middle: Float, colour: SIMD3<Float>, _ random: inout PhiloxStream
  ) {
    let radius = random.uniform(0.05, 0.1)
    if random.chance(0.75) {
      let lift = random.uniform(-0.35, 0.35)
      for side in Self.sides {
        let shoulder = SIMD3(side * width * 0.75, middle + height * 0.45, 0.02)
        let hand = SIMD3(side * (width + random.uniform(0.05, 0.3)), middle + lift, random.uniform(0, 0.15))
        addRod(from: shoulder, to: hand, radius: radius, colour: colour)
        if random.chance(0.5) {
          add(
            .sphere(radius: radius * 1.25), at: hand.x, hand.y, hand.z, colour: random.chance(0.5) ? main : accent)
        }
      }
    } else if random.chance(0.5) {
      for side in Self.sides {
        add(
          .ellipsoid(radii: SIMD3(random.uniform(0.15, 0.3), height * 0.7, 0.05)), at: side * (width + 0.08),
          middle + 0.05, -0.05, turned: .aboutZ(side * 0.4), colour: accent)
      }
    }
  }

  private mutating func addFeet(
    width: Float, height: Float, at middle: Float, legs: Float, colour: SIMD3<Float>, _ random: inout PhiloxStream
  ) {
    let radius = random.uniform(0.06, 0.11)
    for side in Self.sides {
      if legs > 0 {
        addRod(
          from: SIMD3(side * width * 0.5, middle - height * 0.4, 0), to: SIMD3(side * width * 0.55, radius * 0.8, 0),
          radius: radius, colour: colour)
        add(
          .ellipsoid(radii: radius * SIMD3(1.2, 0.7, 1.7)), at: side * width * 0.58, radius * 0.6, 0.06,
          colour: random.chance(0.5) ? colours.dark : main)
      } else {
        add(
          .ellipsoid(radii: SIMD3(0.11, 0.08, 0.15)), at: side * width * 0.6, 0.07, width * 0.5,
          colour: random.chance(0.5) ? accent : main)
      }
    }
  }

  private mutating func addHat(at y: Float, brim: Float, crown: Float, half: Float) {
    add(.cylinder(radius: brim, half: 0.025), y, colour: colours.third, gloss: 0.1)
    add(.cylinder(radius: crown, half: half), y + half * 0.86, colour: colours.third, gloss: 0.1)
  }
}
