import ARPGTensor

/// The colours of one object: red, green and blue, 0...1.
struct ColourScheme {
  /// The paint of most of it.
  let main: SIMD3<Float>
  /// The paint of its details, told apart from the main one.
  let accent: SIMD3<Float>
  /// The paint of details on details, told apart from the accent.
  let third: SIMD3<Float>
  /// The wood of what is made of wood.
  let wood: SIMD3<Float>
  /// Eyes, tyres, hats.
  let dark = SIMD3<Float>(0.15, 0.15, 0.17)
  /// Whites of eyes, icing, clouds.
  let light = SIMD3<Float>(0.95, 0.95, 0.93)

  /// Colours of an object of a class.
  static func ofClass(using random: inout PhiloxStream) -> ColourScheme {
    let wood = random.pick(Palette.woods)
    let main = Palette.paint(using: &random)
    let accent = Palette.paint(unlike: main, using: &random)
    return ColourScheme(main: main, accent: accent, third: accent, wood: wood)
  }

  /// Colours of any other object, more of them lively.
  static func ofShape(using random: inout PhiloxStream) -> ColourScheme {
    let wood = random.pick(Palette.woods)
    let main = random.chance(0.6) ? Palette.lively(using: &random) : Palette.paint(using: &random)
    var accent = Palette.paint(unlike: main, using: &random)
    if random.chance(0.4) {
      let candidates = (0..<6).map { _ in Palette.lively(using: &random) }
      accent = candidates.first { $0.isUnlike(main) } ?? accent
    }
    let third = Palette.paint(unlike: accent, using: &random)
    return ColourScheme(main: main, accent: accent, third: third, wood: wood)
  }

  /// Any of them, the main one most often.
  func any(using random: inout PhiloxStream) -> SIMD3<Float> {
    let share = random.uniform()
    return share < 0.45 ? main : share < 0.8 ? accent : share < 0.93 ? third : light
  }
}
