import ARPGTensor

extension ShapeKind {
  /// A figure made thick, bevelled or puffy, most with something on it.
  static let flatShape = ShapeKind(name: "flat shape", share: 0.24) { object, random in
    object.buildFlatShape(radius: random.uniform(0.45, 0.62), at: 0.65, using: &random)
  }
}

extension SceneObject {
  fileprivate mutating func buildFlatShape(radius: Float, at height: Float, using random: inout PhiloxStream) {
    let figure = FigureKind.any(radius: radius, using: &random)
    let isPuffy = random.chance(0.5)
    let half = radius * (isPuffy ? random.uniform(0.16, 0.4) : random.uniform(0.06, 0.28))
    let rounding = isPuffy ? half : min(half, radius * random.uniform(0, 0.06))
    let turn: Rotation? = random.chance(0.2) ? .aboutZ(random.uniform(-0.5, 0.5)) : nil
    add(prism(figure, half: half, rounding: rounding), height, turned: turn, colour: main)
    if random.chance(0.12) {
      let aside = random.uniform(-0.15, 0.15) * radius, above = random.uniform(-0.15, 0.15) * radius
      cut(
        .cylinder(radius: radius * random.uniform(0.15, 0.3), half: 1), at: aside, height + above,
        turned: .aboutX(.pi / 2), colour: main)
    }
    let body = FlatBody(
      figure: figure, radius: radius, height: height, half: half, isPuffy: isPuffy, turn: turn,
      primitives: 0..<primitives.count)
    FlatFeature.all.first { [share = random.uniform()] in share < $0.upTo }?.add(&self, body, &random)
  }
}

/// The body of a flat shape, as far as what is put on it needs to know.
private struct FlatBody {
  let figure: Figure
  let radius, height, half: Float
  let isPuffy: Bool
  let turn: Rotation?
  let primitives: Range<Int>
}

/// Something on the front of a flat shape.
private struct FlatFeature: Sendable {
  /// It is drawn for shares from that of the feature before up to this.
  let upTo: Double
  let add: @Sendable (inout SceneObject, FlatBody, inout PhiloxStream) -> Void

  static let all = [
    FlatFeature(upTo: 0.24) { object, body, random in
      object.addPaintedFace(
        0, body.height, body.half * 0.96, size: body.radius * random.uniform(0.6, 0.95), on: body.primitives, &random)
    },
    FlatFeature(upTo: 0.36, add: stripes),
    FlatFeature(upTo: 0.46, add: inset),
    FlatFeature(upTo: 0.9, add: spots),
  ]

  private static let stripes: @Sendable (inout SceneObject, FlatBody, inout PhiloxStream) -> Void = {
    object, body, random in
    let count = random.integer(in: 1..<5), lies = random.chance(0.5)
    let half = body.radius * random.uniform(0.06, 0.16), long = 2 * body.radius
    for index in 0..<count {
      let place = body.radius * (1.3 * (Float(index) + 0.5) / Float(count) - 0.65)
      object.mark(
        .box(half: lies ? SIMD3(long, half, 1) : SIMD3(half, long, 1)), at: lies ? 0 : place,
        body.height + (lies ? place : 0), turned: body.turn, colour: object.accent, on: body.primitives)
    }
  }

  /// The figure again, smaller: painted or raised.
  private static let inset: @Sendable (inout SceneObject, FlatBody, inout PhiloxStream) -> Void = {
    object, body, random in
    let smaller = body.figure.scaled(by: 0.68)
    if random.chance(0.6) {
      let shape = object.prism(smaller, half: 0.7)
      object.mark(shape, body.height, turned: body.turn, colour: object.accent)
    } else {
      let sunk = body.isPuffy ? body.half : 0
      let shape = object.prism(smaller, half: body.radius * 0.06 + sunk * 0.25, rounding: body.radius * 0.02)
      object.add(shape, body.height, body.half - sunk * 0.3, turned: body.turn, colour: object.accent)
    }
  }

  /// Discs, boards and figures, painted or raised.
  private static let spots: @Sendable (inout SceneObject, FlatBody, inout PhiloxStream) -> Void = {
    object, body, random in
    let count = random.integer(in: 1..<6), hasOneColour = random.chance(0.5)
    var colour = object.accent
    for _ in 0..<count {
      let x = body.radius * random.uniform(-0.5, 0.5), y = body.height + body.radius * random.uniform(-0.5, 0.5)
      let size = body.radius * random.uniform(0.07, 0.22)
      if !hasOneColour { colour = object.colours.any(using: &random) }
      if (colour - object.main).magnitudes.sum() < 0.15 { colour = object.accent }
      switch random.integer(in: 0..<5) {
      case 0:
        object.mark(
          .cylinder(radius: size, half: 1), at: x, y, turned: .aboutX(.pi / 2), colour: colour, on: body.primitives)
      case 1:
        let shape = Shape.box(half: SIMD3(size, size * random.uniform(0.5, 1.6), 1))
        let turn: Rotation? = random.chance(0.7) ? nil : .aboutZ(random.uniform(0, 1.5))
        object.mark(shape, at: x, y, turned: turn, colour: colour, on: body.primitives)
      case 2:
        let figure = random.pick(FigureKind.badges).draw(&random).scaled(by: size)
        object.mark(object.prism(figure, half: 1), at: x, y, colour: colour)
      case 3:
        object.add(
          .cylinder(radius: size, half: body.radius * 0.05, rounding: body.radius * 0.015), at: x, y, body.half,
          turned: .aboutX(.pi / 2), colour: colour)
      default:
        object.add(
          .ellipsoid(radii: SIMD3(size, size * random.uniform(0.7, 1.2), size * 0.5)), at: x, y, body.half * 0.9,
          colour: colour)
      }
    }
  }
}

extension FigureKind {
  /// Those that are known at a glance when they are small.
  fileprivate static let badges = all.filter { ["star", "heart", "regular polygon"].contains($0.name) }
}
