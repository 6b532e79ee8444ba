import ARPGTensor

extension ShapeKind {
  /// Things that lie or grow outside, and lines of all forms.
  static let garden: [ShapeKind] = [
    ShapeKind(thing: "cactus") { object, random in
      let radius = random.uniform(0.12, 0.2), half = random.uniform(0.35, 0.55), green = Palette.grass
      object.addRod(
        from: SIMD3(0, 0.1, 0), to: SIMD3(0, 2 * half, 0), radius: radius, colour: green, gloss: 0.1)
      for side in SceneObject.sides.reversed().prefix(random.integer(in: 1..<3)) {
        let y = half * random.uniform(0.7, 1.3), away = radius + random.uniform(0.15, 0.25)
        let elbow = SIMD3(side * away, y, 0)
        object.addRod(from: SIMD3(0, y, 0), to: elbow, radius: radius * 0.6, colour: green, gloss: 0.1)
        object.addRod(
          from: elbow, to: elbow + SIMD3(0, random.uniform(0.15, 0.4), 0), radius: radius * 0.6, colour: green,
          gloss: 0.1, part: .same)
      }
      if random.chance(0.6) {
        object.add(.cone(bottom: 0.24, top: 0.32, half: 0.14, rounding: 0.01), 0.14, colour: object.main, gloss: 0.1)
      }
    },
    ShapeKind(thing: "skull") { object, random in
      let radius = random.uniform(0.35, 0.5)
      object.add(.sphere(radius: radius), radius, colour: object.main)
      object.add(
        .ellipsoid(radii: radius * SIMD3(1.02, 0.98, 1)), radius, join: .smoothUnion(width: 0.02), colour: object.main)
      for side in SceneObject.sides {
        object.mark(
          .cylinder(radius: radius * 0.17, half: 0.6), at: side * radius * 0.4, radius * 1.2, 0.3,
          turned: .aboutX(.pi / 2), colour: object.colours.dark, on: 0..<2)
      }
    },
    ShapeKind(name: "spiral", share: 0.25) { object, random in
      object.addLine(&random) { share in
        let (sine, cosine) = sineAndCosine(share * 9)
        return SIMD2(cosine, sine) * (0.08 + 0.5 * share)
      }
    },
    ShapeKind(name: "snake", share: 0.25) { object, random in
      let (end, width) = object.addLine(&random) { share in
        SIMD2(1.4 * share - 0.7, 0.3 * sineAndCosine(share * 9).sine)
      }
      object.add(
        .sphere(radius: width * 0.4), at: end.x, end.y + width, width * 1.5, colour: object.colours.dark, gloss: 0.3)
    },
    ShapeKind(name: "arc", share: 0.25) { object, random in
      object.addLine(&random) { share in
        let (sine, cosine) = sineAndCosine(share * 5.2)
        return SIMD2(cosine, sine) * 0.5
      }
    },
    ShapeKind(name: "zigzag", share: 0.25) { object, random in
      let count = random.integer(in: 5..<14)
      object.addLine(points: count, &random) { share in
        let index = Int((share * Float(count)).rounded())
        return SIMD2(1.2 * share - 0.6, index.isMultiple(of: 2) ? -0.3 : 0.3)
      }
    },
  ]
}

extension SceneObject {
  /// A thick line through points that are given by their share of the way; half end in a ball.
  @discardableResult
  fileprivate mutating func addLine(
    points count: Int? = nil, _ random: inout PhiloxStream, _ point: (Float) -> SIMD2<Float>
  ) -> (end: SIMD2<Float>, width: Float) {
    let count = count ?? random.integer(in: 12..<25)
    let width = random.uniform(0.035, 0.09)
    let points = (0...count).map { point(Float($0) / Float(count)) }
    let line = outline(points, closed: false)
    add(
      random.chance(0.7)
        ? .rod(line, radius: width) : .band(line, halfWidth: width, half: width, rounding: width * 0.3), 0.7,
      colour: main)
    let end = points[count] + SIMD2(0, 0.7)
    if random.chance(0.5) { add(.sphere(radius: width * random.uniform(1.3, 2.2)), at: end.x, end.y, colour: accent) }
    return (end, width)
  }
}
