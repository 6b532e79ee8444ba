import ARPGTensor

extension SceneObject {
  /// A body as from a lathe, with a random profile: some hollow, with rings, handles, a spout or a lid.
  mutating func buildTurnedBody(_ random: inout PhiloxStream) {
    let levels = random.integer(in: 4..<9), height = random.uniform(0.5, 1.3)
    let widest = height * random.uniform(0.25, 0.65)
    let phase = random.uniform(0, 6), waves = random.uniform(0.6, 2.2)
    var widths = (0...levels).map { level in
      let wave = sineAndCosine(phase + waves * Float(level) * 2 * .pi / Float(levels)).sine
      return widest * max(0.12, min(0.6 + 0.4 * wave + random.uniform(-0.15, 0.15), 1))
    }
    if random.chance(0.25) { widths[levels] = 0.02 }
    add(.lathe(outline(profile(widths, height: height)), rounding: 0.012), 0, colour: main)
    let top = widths[levels]
    if random.chance(0.3) {
      // Not so deep or wide that it cuts through a narrow neck.
      let neck = widths.suffix((levels + 2) / 3).min() ?? top
      cut(
        .cone(bottom: max(min(top * 0.5, neck * 0.6), 0.02), top: max(top * 0.8, 0.03), half: height * 0.2), height,
        colour: main.toned(0.6, 0.2))
    }
    let body = 0..<primitives.count
    if random.chance(0.5) {
      for ring in 0..<random.integer(in: 1..<4) {
        let y = height * random.uniform(0.1, 0.9)
        mark(
          .box(half: SIMD3(3, height * random.uniform(0.03, 0.1), 3)), y,
          colour: ring == 0 ? accent : colours.third, on: body)
      }
    }
    if random.chance(0.35) {
      let y = height * random.uniform(0.35, 0.65)
      for side in random.chance(0.5) ? Self.sides : [-1] {
        let handle = Shape.torus(ring: height * random.uniform(0.13, 0.24), tube: random.uniform(0.03, 0.05))
        add(handle, at: side * widest * 0.85, y, turned: .aboutX(.pi / 2), colour: main)
      }
    }
    if random.chance(0.2) {
      addLimb(
        from: SIMD3(widest * 0.6, height * 0.4, 0),
        to: SIMD3(widest * random.uniform(1.3, 1.7), height * random.uniform(0.6, 0.95), 0), radii: (0.08, 0.045),
        colour: main)
    }
    if random.chance(0.3) {
      add(.ellipsoid(radii: SIMD3(max(top, 0.1), 0.07, max(top, 0.1))), height + 0.03, colour: accent)
      add(.sphere(radius: 0.055), height + 0.14, colour: accent)
    }
  }

  /// A closed outline from the axis through the widths, joined smoothly, and back to the axis.
  private func profile(_ widths: [Float], height: Float) -> [SIMD2<Float>] {
    let levels = widths.count - 1, between = 3
    var points = [SIMD2<Float>(0, 0)]
    for level in 0..<levels {
      for step in 0..<between {
        let share = Float(step) / Float(between)
        let smooth = share * share * (3 - 2 * share)
        let width = widths[level] * (1 - smooth) + widths[level + 1] * smooth
        points.append(SIMD2(width, height * (Float(level) + share) / Float(levels)))
      }
    }
    return points + [SIMD2(widths[levels], height), SIMD2(0, height)]
  }
}
