import ARPGTensor

extension SceneObject {
  /// One to three blocks side by side, each with a roof, battlements or a dome, windows, perhaps a door and a flag.
  mutating func buildBuilding(_ random: inout PhiloxStream) {
    let count = random.integer(in: 1..<4)
    for index in 0..<count {
      let colour = index == 0 ? main : colours.any(using: &random)
      addBlock(
        at: 0.5 * (Float(index) - 0.5 * Float(count - 1)), maxWidth: count == 1 ? 0.6 : 0.32, colour: colour,
        isFirst: index == 0, &random)
    }
  }

  private mutating func addBlock(
    at x: Float, maxWidth: Float, colour: SIMD3<Float>, isFirst: Bool, _ random: inout PhiloxStream
  ) {
    let width = random.uniform(0.2, maxWidth), half = random.uniform(0.2, 0.65), depth = random.uniform(0.2, 0.45)
    let isRound = random.chance(0.25)
    let shape =
      isRound ? Shape.cylinder(radius: width, half: half) : .box(half: SIMD3(width, half, depth), rounding: 0.01)
    add(shape, at: x, half, colour: colour, gloss: 0.03)
    let walls = primitives.count - 1..<primitives.count
    let roof = random.uniform(0.18, 0.5)
    addRoof(at: x, 2 * half, SIMD3(width, roof, depth), isRound: isRound, walls: colour, &random)
    addWindows(at: x, SIMD3(width, half, depth), on: walls, &random)
    if isFirst, random.chance(0.7) {
      let door = Palette.paint(unlike: colour, using: &random), place = x + random.uniform(-0.3, 0.3) * width
      if random.chance(0.5) {
        mark(.box(half: SIMD3(0.09, 0.3, 0.3)), at: place, 0, depth, colour: door, on: walls)
      } else {
        add(
          .box(half: SIMD3(0.08, 0.16, 0.02)), at: place, 0.16, isRound ? width : depth, colour: door, gloss: 0.03)
      }
    }
    if random.chance(0.25) {
      add(.cylinder(radius: 0.015, half: 0.2), at: x, 2 * half + roof + 0.1, colour: colours.dark, gloss: 0.1)
      add(
        .box(half: SIMD3(0.1, 0.06, 0.012)), at: x + 0.1, 2 * half + roof + 0.22, colour: colours.third, gloss: 0.1)
    }
  }

  /// - Parameter size: half the width, the height and half the depth.
  private mutating func addRoof(
    at x: Float, _ y: Float, _ size: SIMD3<Float>, isRound: Bool, walls: SIMD3<Float>, _ random: inout PhiloxStream
  ) {
    let kind = random.integer(in: 0..<4)
    switch kind {
    case 0 where !isRound:
      add(
        .roof(halfWidth: size.x * random.uniform(1, 1.25), height: size.y, halfDepth: size.z * 1.1, rounding: 0.01),
        at: x, y - 0.01, colour: accent, gloss: 0.03)
    case 0, 1:
      let bottom = (isRound ? size.x : max(size.x, size.z)) * 1.15
      add(
        .cone(bottom: bottom, top: 0.01, half: size.y / 2, rounding: 0.01), at: x, y + size.y / 2, colour: accent,
        gloss: 0.03)
    case 2:
      let count = random.integer(in: 2..<5)
      for index in 0..<count {
        let place = x - size.x + size.x * 2 * (Float(index) + 0.5) / Float(count)
        add(
          .box(half: SIMD3(size.x / Float(count) * 0.55, 0.06, 0.06)), at: place, y + 0.05, size.z * 0.8, colour: walls,
          gloss: 0.03)
      }
    default:
      guard random.chance(0.5) else { return }
      add(
        .ellipsoid(radii: SIMD3(size.x, size.y * 0.7, isRound ? size.x : size.z)), at: x, y, colour: accent, gloss: 0.1)
    }
  }

  private mutating func addWindows(
    at x: Float, _ half: SIMD3<Float>, on walls: Range<Int>, _ random: inout PhiloxStream
  ) {
    let glass = random.chance(0.5) ? SIMD3<Float>(0.93, 0.92, 0.75) : SIMD3(0.35, 0.5, 0.62)
    let columns = random.integer(in: 1..<4), rows = random.integer(in: 1..<4)
    guard random.chance(0.85) else { return }
    for column in 0..<columns {
      for row in 0..<rows {
        let place = SIMD2(
          x - half.x + 2 * half.x * (Float(column) + 0.5) / Float(columns),
          2 * half.y * (Float(row) + 0.6) / (Float(rows) + 0.3) + 0.08)
        mark(
          .box(half: SIMD3(half.x / Float(columns) * 0.5, half.y / Float(rows) * 0.45, 0.3)), at: place.x, place.y,
          half.z, colour: glass, on: walls)
      }
    }
  }
}
