import ARPGTensor

extension FigureKind {
  /// Outlines of straight sides.
  static let polygons: [FigureKind] = [
    FigureKind(name: "star") { random in
      let points = random.chance(0.6) ? 5 : random.integer(in: 4..<10)
      let inner = points == 5 ? random.uniform(0.38, 0.55) : random.uniform(0.4, 0.8)
      return Figure(
        points: (0..<2 * points).map { index in
          let (sine, cosine) = sineAndCosine(.pi / 2 + Float(index) * .pi / Float(points))
          return SIMD2(cosine, sine) * (index.isMultiple(of: 2) ? 1 : inner)
        }, corner: random.uniform(0, 0.12))
    },
    FigureKind(name: "regular polygon") { random in
      let (wide, high) = stretch(&random)
      let corners = random.integer(in: 3..<9)
      let upright: Float = corners.isMultiple(of: 2) ? .pi / 2 + .pi / Float(corners) : .pi / 2
      let start = random.chance(0.7) ? upright : random.uniform(0, 2 * .pi)
      return Figure(
        points: Figure.around(corners, from: start) { sine, cosine, _ in SIMD2(wide * cosine, high * sine) },
        corner: random.uniform(0, 0.2))
    },
    FigureKind(name: "board") { random in
      let sides = SIMD2(random.uniform(0.4, 1), random.uniform(0.4, 1))
      let corner = sides.min() * random.uniform(0.02, 0.6)
      let top = random.chance(0.3) ? random.uniform(0.5, 1) : 1
      let half = sides - corner
      return Figure(
        points: [
          SIMD2(-half.x, -half.y), SIMD2(half.x, -half.y), SIMD2(half.x * top, half.y), SIMD2(-half.x * top, half.y),
        ], corner: corner)
    },
    FigureKind(name: "pebble") { random in
      let corners = random.integer(in: 5..<10)
      let points = (0..<corners).map { index in
        let (sine, cosine) = sineAndCosine((Float(index) + random.uniform(0, 0.7)) * 2 * .pi / Float(corners))
        return SIMD2(cosine, sine) * random.uniform(0.45, 1)
      }
      return Figure(points: points, corner: random.uniform(0, 0.15))
    },
    FigureKind(name: "gear") { random in
      let teeth = random.integer(in: 6..<11), inner = random.uniform(0.68, 0.84)
      let corners: [(share: Float, away: Float)] = [(0.02, inner), (0.16, 1), (0.42, 1), (0.56, inner)]
      let points = (0..<teeth).flatMap { tooth in
        corners.map { corner in
          let (sine, cosine) = sineAndCosine((Float(tooth) + corner.share) * 2 * .pi / Float(teeth))
          return SIMD2(cosine, sine) * corner.away
        }
      }
      return Figure(points: points, corner: 0.005)
    },
    FigureKind(name: "profile") { random in
      let levels = random.integer(in: 4..<8)
      var widths = (0...levels).map { _ in random.uniform(0.2, 1) * 0.7 }
      if random.chance(0.4) { widths[levels] = 0.03 }
      if random.chance(0.5) { widths[0] = 0.6 }
      let right = widths.enumerated().map { SIMD2($1, -1 + 2 * Float($0) / Float(levels)) }
      return Figure(points: right + right.reversed().map { SIMD2(-$0.x, $0.y) }, corner: random.uniform(0, 0.06))
    },
  ]
}
