import ARPGTensor

/// The sizes that the parts of a four-legged animal share.
private struct Animal {
  /// 1 where it looks to the right, -1 to the left.
  let facing: Float
  /// Half the length, height and width of the body.
  let body: SIMD3<Float>
  let legs: Float
  let head: Float
  let headPlace: SIMD3<Float>
  let headLength: Float
  /// The height of the middle of the body.
  let middle: Float
}

extension SceneObject {
  /// An animal from the side: a body on legs, a head on a neck, and of snout, ears, tail and back what the lot gives.
  mutating func buildFourLeggedAnimal(_ random: inout PhiloxStream) {
    let facing: Float = random.chance(0.5) ? 1 : -1
    let length = random.uniform(0.36, 0.6), height = random.uniform(0.18, 0.34)
    let body = SIMD3(length, height, height * random.uniform(0.7, 1))
    let legs = random.uniform(0.1, 0.5)
    let middle = legs + height * 0.85
    add(random.chance(0.12) ? .box(half: body, rounding: 0.05) : .ellipsoid(radii: body), middle, colour: main)
    if random.chance(0.3) {
      let above = random.uniform(-0.02, 0.06)
      add(
        .sphere(radius: height * random.uniform(0.8, 1.05)), at: -facing * length * 0.55, middle + above,
        join: .smoothUnion(width: 0.15), colour: main)
    }
    let head = random.uniform(0.14, 0.27)
    let neck = random.chance(0.35) ? random.uniform(0.3, 0.7) : random.uniform(0, 0.22)
    let headPlace = SIMD3(
      facing * (length * 0.85 + neck * random.uniform(0.1, 0.6)), middle + height * 0.5 + neck, 0)
    if neck > 0.15 {
      addLimb(
        from: SIMD3(facing * length * 0.65, middle + height * 0.3, 0), to: headPlace, radii: (head * 0.62, head * 0.5),
        join: .smoothUnion(width: 0.1), colour: main)
    }
    let headLength = random.uniform(1, 1.35)
    add(
      .ellipsoid(radii: SIMD3(head * headLength, head, head * 0.9)), at: headPlace.x, headPlace.y,
      join: .smoothUnion(width: 0.06), colour: main)
    let animal = Animal(
      facing: facing, body: body, legs: legs, head: head, headPlace: headPlace, headLength: headLength, middle: middle)
    addSnout(animal, &random)
    for side in Self.sides {
      add(
        .sphere(radius: head * random.uniform(0.14, 0.22)), at: headPlace.x + facing * head * 0.45 * headLength,
        headPlace.y + head * 0.3, side * head * 0.74, colour: colours.dark, gloss: 0.4)
    }
    addEars(animal, &random)
    addLegs(animal, &random)
    addTail(animal, &random)
    addBack(animal, &random)
    if random.chance(0.12) {
      add(
        .cone(bottom: head * 0.15, top: 0.01, half: head * 0.4), at: headPlace.x + facing * head * 0.5,
        headPlace.y + head * 1.15, colour: colours.light)
    }
  }

  private mutating func addSnout(_ animal: Animal, _ random: inout PhiloxStream) {
    let (head, facing, place) = (animal.head, animal.facing, animal.headPlace)
    let colour = random.chance(0.6) ? main : accent
    let kind = random.integer(in: 0..<4)
    switch kind {
    case 0:
      add(
        .ellipsoid(radii: head * SIMD3(0.55, 0.4, 0.45)), at: place.x + facing * head * 1.05, place.y - head * 0.25,
        join: .smoothUnion(width: 0.05), colour: main)
    case 1:
      add(
        .cone(bottom: head * 0.4, top: 0.01, half: head * 0.4, rounding: 0.01), at: place.x + facing * head * 1.35,
        place.y - head * 0.1, turned: .aboutZ(-facing * .pi / 2), colour: random.chance(0.5) ? Palette.beak : accent)
    case 2:
      add(
        .ellipsoid(radii: head * SIMD3(0.5, 0.38, 0.4)), at: place.x + facing * head * 1.1, place.y - head * 0.2,
        colour: colour)
    default: break
    }
    if kind == 0 || kind == 2 {
      add(
        .sphere(radius: head * 0.14), at: place.x + facing * head * 1.55, place.y - head * 0.15, colour: colours.dark,
        gloss: 0.3)
    }
  }

  private mutating func addEars(_ animal: Animal, _ random: inout PhiloxStream) {
    let (head, facing, place) = (animal.head, animal.facing, animal.headPlace)
    let kind = random.integer(in: 0..<5)
    guard kind < 4 else { return }
    for side in Self.sides {
      let x = place.x - facing * head * random.uniform(0.1, 0.4), y = place.y + head * 0.8, z = side * head * 0.45
      switch kind {
      case 0: add(.sphere(radius: head * 0.38), at: x, y, z, colour: main)
      case 1:
        add(
          .cone(bottom: head * 0.3, top: 0.01, half: head * 0.35, rounding: 0.01), at: x, y + head * 0.15, z,
          colour: main)
      case 2:
        add(
          .ellipsoid(radii: head * SIMD3(0.2, 0.75, 0.14)), at: x, y + head * 0.4, z,
          turned: .aboutZ(facing * random.uniform(0, 0.6)), colour: main)
      default:
        add(
          .ellipsoid(radii: head * SIMD3(0.45, 0.6, 0.13)), at: x - facing * 0.03, y - head * 0.6, z * 1.8,
          turned: .aboutZ(facing * 0.3), colour: random.chance(0.5) ? main : accent)
      }
    }
  }

  private mutating func addLegs(_ animal: Animal, _ random: inout PhiloxStream) {
    let colour = random.chance(0.75) ? main : accent
    let radius = random.uniform(0.05, 0.1), top = animal.legs + animal.body.y * 0.35
    guard random.chance(0.8) else {
      for side in Self.sides {
        addRod(
          from: SIMD3(0.05 * side, animal.legs + animal.body.y * 0.3, side * animal.body.z * 0.5),
          to: SIMD3(0.05 * side, radius, side * animal.body.z * 0.5), radius: radius, colour: colour)
      }
      return
    }
    let areStraight = random.chance(0.4), spread = random.uniform(0, 0.06)
    for front in Self.sides {
      for side in Self.sides {
        let x = side * animal.body.x * 0.62, z = front * animal.body.z * 0.55
        if areStraight {
          add(
            .cylinder(radius: radius, half: top / 2, rounding: radius * 0.3), at: x, top / 2, z, colour: colour)
        } else {
          addLimb(
            from: SIMD3(x * (1 - spread), top, z), to: SIMD3(x * (1 + spread), radius, z),
            radii: (radius * 1.15, radius), colour: colour)
        }
      }
    }
  }

  private mutating func addTail(_ animal: Animal, _ random: inout PhiloxStream) {
    let (facing, length, height) = (animal.facing, animal.body.x, animal.body.y)
    let start = SIMD3(-facing * length * 0.9, animal.middle + height * 0.2, 0)
    switch random.integer(in: 0..<5) {
    case 0:
      let end = start + SIMD3(-facing * random.uniform(0.1, 0.4), random.uniform(-0.1, 0.35), 0)
      addLimb(from: start, to: end, radii: (0.075, 0.03), join: .smoothUnion(width: 0.06), colour: main)
    case 1:
      var place = start, angle = random.uniform(-0.3, 0.9)
      let bend = random.uniform(-0.3, 0.7)
      for index in 0..<4 {
        let (sine, cosine) = sineAndCosine(angle)
        let next = place + SIMD3(-facing * cosine * 0.13, sine * 0.13, 0)
        let middle = (place + next) / 2
        add(
          .capsule(radius: 0.045 - 0.004 * Float(index), half: 0.065), at: middle.x, middle.y,
          turned: .upTowards(next - place), join: index == 0 ? .smoothUnion(width: 0.05) : .union, colour: main,
          part: index == 0 ? .new : .same)
        (place, angle) = (next, angle + bend)
      }
    case 2:
      add(
        .sphere(radius: height * random.uniform(0.25, 0.45)), at: start.x - facing * 0.04, start.y + 0.05,
        colour: random.chance(0.5) ? main : colours.light)
    case 3:
      let end = SIMD3(
        -facing * (length + random.uniform(0.3, 0.6)), animal.middle + random.uniform(-0.25, 0.2), 0)
      addLimb(
        from: SIMD3(-facing * length * 0.6, animal.middle, 0), to: end, radii: (height * 0.6, 0.03),
        join: .smoothUnion(width: 0.12), colour: main)
    default: break
    }
  }

  /// Spikes along the back, stripes or spots, or wings.
  private mutating func addBack(_ animal: Animal, _ random: inout PhiloxStream) {
    let (length, height) = (animal.body.x, animal.body.y)
    if random.chance(0.22) {
      let count = random.integer(in: 3..<7), size = random.uniform(0.07, 0.13)
      let spike = prism(
        [SIMD2(-size, -size), SIMD2(size, -size), SIMD2(0, size * 1.3)], half: 0.025, corner: 0.01, rounding: 0.02)
      for index in 0..<count {
        let place = 1.7 * Float(index) / Float(count - 1) - 0.85
        let top = animal.middle + height * max(0, 1 - place * place).squareRoot()
        add(spike, at: place * length, top + size * 0.2, colour: accent)
      }
    } else if random.chance(0.3) {
      let count = random.integer(in: 2..<6), areStripes = random.integer(in: 0..<3) == 0
      for index in 0..<count {
        let x = (1.4 * (Float(index) + 0.5) / Float(count) - 0.7) * length
        if areStripes {
          mark(.box(half: SIMD3(length * 0.07, 1, 1)), at: x, animal.middle, colour: accent, on: 0..<1)
        } else {
          let y = animal.middle + random.uniform(-0.5, 0.6) * height
          mark(
            .cylinder(radius: height * random.uniform(0.14, 0.3), half: 1), at: x, y, turned: .aboutX(.pi / 2),
            colour: accent, on: 0..<1)
        }
      }
    } else if random.chance(0.2) {
      for side in Self.sides {
        add(
          .ellipsoid(radii: SIMD3(length * random.uniform(0.35, 0.6), 0.04, random.uniform(0.2, 0.35))),
          at: -animal.facing * 0.05, animal.middle + height * 0.9, side * (animal.body.z * 0.8 + 0.1),
          turned: .aboutX(-side * random.uniform(0.3, 1)), colour: accent)
      }
    }
  }
}
