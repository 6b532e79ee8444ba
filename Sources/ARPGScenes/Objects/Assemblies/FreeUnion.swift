import ARPGTensor

extension SceneObject {
  /// One to seven solids, stacked or anywhere, some melted together, some in pairs; a third with marks.
  mutating func buildFreeUnion(_ random: inout PhiloxStream) {
    let count = random.integer(in: 1..<8), isMirrored = random.chance(0.5), isStack = random.chance(0.5)
    let colours = Array([main, accent, self.colours.third, main].prefix(random.integer(in: 1..<4)))
    var height: Float = 0
    for index in 0..<count {
      let solid = FreeSolid(&random)
      let place = SIMD3(
        isStack ? random.uniform(-0.06, 0.06) : random.uniform(-0.5, 0.5),
        isStack ? height + solid.halfHeight * 0.92 : random.uniform(0, 0.8) + solid.halfHeight,
        isStack ? 0 : random.uniform(-0.2, 0.2))
      let turn: Rotation? =
        random.chance(0.7)
        ? nil : .aboutZ(random.uniform(-0.8, 0.8)).after(.aboutY(random.uniform(0, 3)))
      let join: Primitive.Join =
        index > 0 && random.chance(0.35) ? .smoothUnion(width: random.uniform(0.04, 0.15)) : .union
      let isPair = isMirrored && !isStack && index > 0 && abs(place.x) > 0.12
      for side in isPair ? [1, -1] as [Float] : [1] {
        // What melts into what is there is the same part only where it has the same colour.
        let isSmooth = if case .smoothUnion = join { true } else { false }
        add(
          solid.shape, at: side * place.x, place.y, place.z, turned: turn, join: join,
          colour: colours[index % colours.count], part: isSmooth && colours.count == 1 ? .same : .new)
      }
      if isStack { height += 2 * solid.halfHeight * 0.9 }
    }
    guard random.chance(0.35) else { return }
    for _ in 0..<random.integer(in: 1..<5) {
      let place = SIMD2(random.uniform(-0.4, 0.4), random.uniform(0.1, 0.9))
      let size = SIMD2(random.uniform(0.06, 0.16), random.uniform(0.06, 0.16))
      mark(
        random.chance(0.5) ? .sphere(radius: size.x) : .box(half: SIMD3(size.x, size.y, 0.5)), at: place.x, place.y,
        0.2, colour: self.colours.third)
    }
  }
}

/// A solid of a random kind and size.
private struct FreeSolid {
  let shape: Shape
  let halfHeight: Float

  init(_ random: inout PhiloxStream) {
    let kind = random.integer(in: 0..<6)
    let radius = random.uniform(0.12, 0.42), half = random.uniform(0.1, 0.4), depth = random.uniform(0.12, 0.35)
    switch kind {
    case 0: (shape, halfHeight) = (.sphere(radius: radius), radius)
    case 1: (shape, halfHeight) = (.ellipsoid(radii: SIMD3(radius, half, depth)), half)
    case 2:
      (shape, halfHeight) = (.box(half: SIMD3(radius, half, depth), rounding: random.uniform(0, 0.08)), half)
    case 3: (shape, halfHeight) = (.cylinder(radius: radius, half: half, rounding: random.uniform(0.005, 0.05)), half)
    case 4:
      let top = radius * random.uniform(0.02, 0.8)
      (shape, halfHeight) = (.cone(bottom: radius, top: top, half: half, rounding: random.uniform(0.005, 0.05)), half)
    default: (shape, halfHeight) = (.capsule(radius: radius * 0.6, half: half * 0.6), (radius + half) * 0.6)
    }
  }
}
