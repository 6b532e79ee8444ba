import ARPGTensor

extension FigureKind {
  /// Outlines without corners.
  static let rounds: [FigureKind] = [
    FigureKind(name: "blob", share: 3) { random in
      let (wide, high) = stretch(&random)
      let amount = random.uniform(0.05, 0.38)
      let waves = (2..<6).map { wave in
        (wave: Float(wave), amount: amount * random.uniform(0, 1) / Float(wave), phase: random.uniform(0, 2 * .pi))
      }
      return Figure(
        points: Figure.around(36) { sine, cosine, angle in
          let away = waves.reduce(1) { $0 + $1.amount * sineAndCosine($1.wave * angle + $1.phase).cosine }
          return SIMD2(wide * cosine, high * sine) * away
        })
    },
    FigureKind(name: "heart") { random in
      let (wide, _) = stretch(&random)
      return Figure(
        points: Figure.around(32) { sine, cosine, angle in
          func wave(_ number: Float) -> Float { sineAndCosine(number * angle).cosine }
          let height = 13 * cosine - 5 * wave(2) - 2 * wave(3) - wave(4)
          return SIMD2(wide * sine * sine * sine, 0.95 * (height + 2.5) / 15.5)
        })
    },
    FigureKind(name: "drop") { random in
      let width = random.uniform(0.45, 0.75)
      return Figure(
        points: Figure.around(28) { sine, cosine, _ in
          let taper = sine > 0 ? (1 - sine) * (1 - sine) * 0.5 + (1 - sine) * 0.5 : 1
          return SIMD2(width * cosine * taper, sine > 0 ? sine * 1.15 : sine * width)
        }, corner: 0.01)
    },
    FigureKind(name: "moon") { random in
      let shift = random.uniform(0.25, 0.75), bend = random.uniform(0.9, 1.35), turn = random.uniform(-0.6, 0.6)
      let outer = (0..<18).map { index in
        let (sine, cosine) = sineAndCosine(.pi * 0.72 * (2 * Float(index) / 17 - 1))
        return SIMD2(cosine, sine)
      }
      let inner = (0..<14).map { index in
        let (sine, cosine) = sineAndCosine(.pi * 0.72 * (1 - 2 * Float(index + 1) / 15))
        let point = SIMD2(cosine * bend * 0.78 + shift, sine * 0.72 * bend * 0.9)
        return point * min(1, 0.97 / max(point.length, 1e-6))
      }
      return Figure(points: outer + inner, corner: 0.015).turned(by: turn + .pi)
    },
    FigureKind(name: "cloud") { random in
      let bumps = Float(random.integer(in: 4..<8)), depth = random.uniform(0.1, 0.25), phase = random.uniform(0, 3)
      return Figure(
        points: Figure.around(40) { sine, cosine, angle in
          let away = 1 - depth + depth * abs(sineAndCosine(bumps * angle / 2 + phase).sine) * 1.3
          return SIMD2(1.15 * cosine, 0.72 * sine) * away
        }, corner: 0.01)
    },
    FigureKind(name: "petals") { random in
      let petals = Float(random.integer(in: 4..<9)), depth = random.uniform(0.15, 0.35)
      return Figure(
        points: Figure.around(44) { sine, cosine, angle in
          SIMD2(sine, cosine) * (1 - depth + depth * sineAndCosine(petals * angle).cosine)
        }, corner: 0.01)
    },
    FigureKind(name: "leaf") { random in
      let width = random.uniform(0.3, 0.65), turn = random.uniform(-1.6, 1.6)
      let points = Figure.around(24) { sine, cosine, _ in
        SIMD2(cosine, width * sine * (1 - 0.55 * cosine * cosine))
      }
      return Figure(points: points, corner: 0.01).turned(by: turn)
    },
    FigureKind(name: "half disc") { _ in
      let points = (0...14).map { index in
        let (sine, cosine) = sineAndCosine(Float(index) * .pi / 14)
        return SIMD2(cosine, 0.95 * sine - 0.4)
      }
      return Figure(points: points, corner: 0.03)
    },
  ]

  /// A width and the height that keeps the area.
  static func stretch(_ random: inout PhiloxStream) -> (wide: Float, high: Float) {
    let wide = random.uniform(0.75, 1.25)
    return (wide, 1 / wide)
  }
}
