import ARPGTensor

/// The colours of the scenes: red, green and blue, 0...1.
enum Palette {
  /// Paints.
  static let paints: [SIMD3<Float>] = [
    SIMD3(0.85, 0.2, 0.18), SIMD3(0.95, 0.5, 0.15), SIMD3(0.96, 0.8, 0.2), SIMD3(0.3, 0.66, 0.28),
    SIMD3(0.15, 0.6, 0.62), SIMD3(0.2, 0.42, 0.82), SIMD3(0.5, 0.3, 0.7), SIMD3(0.9, 0.5, 0.64),
    SIMD3(0.93, 0.92, 0.88), SIMD3(0.28, 0.28, 0.32), SIMD3(0.55, 0.36, 0.22),
  ]
  /// Red, orange, yellow and green.
  static let fruits = Array(paints[..<4])
  /// The lively ones of the paints.
  static let sprinkles = Array(paints[..<9])
  static let woods: [SIMD3<Float>] = [
    SIMD3(0.55, 0.37, 0.24), SIMD3(0.7, 0.5, 0.32), SIMD3(0.42, 0.28, 0.2), SIMD3(0.8, 0.66, 0.47),
  ]
  static let leaves: [SIMD3<Float>] = [
    SIMD3(0.25, 0.5, 0.22), SIMD3(0.35, 0.6, 0.25), SIMD3(0.5, 0.62, 0.22), SIMD3(0.8, 0.45, 0.15),
    SIMD3(0.18, 0.42, 0.32),
  ]
  /// Floors and walls of scenes of classes.
  static let backgrounds: [SIMD3<Float>] = [
    SIMD3(0.87, 0.87, 0.87), SIMD3(0.78, 0.84, 0.9), SIMD3(0.9, 0.84, 0.74), SIMD3(0.8, 0.88, 0.8),
  ]
  /// Floors and walls of scenes of any shapes.
  static let manyBackgrounds =
    backgrounds + [
      SIMD3(0.92, 0.82, 0.82), SIMD3(0.85, 0.8, 0.9), SIMD3(0.93, 0.91, 0.85), SIMD3(0.76, 0.88, 0.88),
      SIMD3(0.95, 0.88, 0.7),
    ]
  static let red = paints[0]
  static let glass = SIMD3<Float>(0.55, 0.75, 0.88)
  static let darkGlass = SIMD3<Float>(0.3, 0.4, 0.48)
  static let grass = SIMD3<Float>(0.3, 0.6, 0.28)
  static let skin = SIMD3<Float>(0.93, 0.75, 0.6)
  static let beak = SIMD3<Float>(0.95, 0.6, 0.15)
  static let lamp = SIMD3<Float>(0.97, 0.94, 0.75)

  /// One of the paints, mixed not quite the same each time.
  static func paint(
    _ paints: [SIMD3<Float>] = Palette.paints, using random: inout PhiloxStream
  ) -> SIMD3<Float> {
    let shade = SIMD3(random.normal(), random.normal(), random.normal()) * 0.008
    return (random.pick(paints) + shade).clamped(lowerBound: SIMD3(repeating: 0.05), upperBound: SIMD3(repeating: 0.97))
  }

  /// A paint that is told apart from another.
  static func paint(unlike other: SIMD3<Float>, using random: inout PhiloxStream) -> SIMD3<Float> {
    var paint = paint(using: &random)
    for _ in 0..<20 where !paint.isUnlike(other) { paint = self.paint(using: &random) }
    return paint
  }

  /// One of the colourful paints: no white, grey or brown.
  static func lively(using random: inout PhiloxStream) -> SIMD3<Float> { paint(lively, using: &random) }
  private static let lively = Array(paints[..<8])
}

extension SIMD3<Float> {
  /// Whether two colours are told apart at a glance.
  func isUnlike(_ other: SIMD3<Float>) -> Bool { (self - other).magnitudes.sum() > 0.45 }

  /// The colour dimmed by a factor and lightened by an amount.
  func toned(_ factor: Float, _ amount: Float = 0) -> SIMD3<Float> {
    (self * factor + amount).clamped(lowerBound: .zero, upperBound: .one)
  }
}
