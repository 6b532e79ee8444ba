import ARPGTensor

extension FigureKind {
  /// Outlines of signs.
  static let signs: [FigureKind] = [
    FigureKind(name: "arrow") { random in
      let shaft = random.uniform(0.18, 0.34), head = random.uniform(0.5, 0.8), neck = random.uniform(-0.1, 0.35)
      let points: [SIMD2<Float>] = [
        SIMD2(-1, -shaft), SIMD2(neck, -shaft), SIMD2(neck, -head), SIMD2(1, 0), SIMD2(neck, head), SIMD2(neck, shaft),
        SIMD2(-1, shaft),
      ]
      let quarters = random.integer(in: 0..<4)
      return Figure(points: points, corner: random.uniform(0, 0.08)).turned(by: Float(quarters) * .pi / 2)
    },
    FigureKind(name: "cross") { random in
      let width = random.uniform(0.2, 0.42), middle = random.uniform(0, 0.35)
      let (low, high) = (middle - width, middle + width)
      let points: [SIMD2<Float>] = [
        SIMD2(-width, -1), SIMD2(width, -1), SIMD2(width, low), SIMD2(1, low), SIMD2(1, high), SIMD2(width, high),
        SIMD2(width, 1), SIMD2(-width, 1), SIMD2(-width, high), SIMD2(-1, high), SIMD2(-1, low), SIMD2(-width, low),
      ]
      return Figure(points: points, corner: random.uniform(0, 0.06))
    },
    FigureKind(name: "lightning") { _ in
      let points: [SIMD2<Float>] = [
        SIMD2(0.15, 1), SIMD2(-0.5, -0.05), SIMD2(-0.05, 0.02), SIMD2(-0.3, -1), SIMD2(0.5, 0.22), SIMD2(0.08, 0.15),
        SIMD2(0.45, 1),
      ]
      return Figure(points: points, corner: 0.01)
    },
  ]
}
