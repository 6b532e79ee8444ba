import ARPGTensor

extension ShapeKind {
  /// One to three letters or digits side by side.
  static let letters = ShapeKind(name: "letters", share: 0.05) { object, random in
    let count = random.chance(0.6) ? 1 : random.integer(in: 2..<4)
    let radius = count == 1 ? random.uniform(0.6, 0.8) : 0.45
    for index in 0..<count {
      object.addGlyph(
        at: (Float(index) - 0.5 * Float(count - 1)) * radius * 1.25, radius, radius: radius,
        colour: index.isMultiple(of: 2) ? object.main : object.accent, &random)
    }
  }
}

/// Letters and digits as strokes on a grid of 4 columns and 6 rows, from its lower left corner: pairs of digits are points,
/// a comma lifts the pen.
private let glyphs = [
  "002640,1232", "0600,0640,0333", "0006,0646,0333", "0006,4046,0343", "2026", "0600,0040", "0006234640", "00064046",
  "0646,2620", "062046", "0610233046", "0046,0640", "062346,2320", "06460040", "453626150433424130201001",
  "453616050110304142", "0501103041453616", "060110304146", "000636454433033340", "00063645443303,2340",
  "152620,1030", "05163645440040", "051636454334,344241301001", "3020,360242,3530", "064620",
  "0006,0346,2440", "0600,0343,4640",
]

extension SceneObject {
  fileprivate mutating func addGlyph(
    at x: Float, _ y: Float, radius: Float, colour: SIMD3<Float>, _ random: inout PhiloxStream
  ) {
    let strokes = random.pick(glyphs).split(separator: ",").map { stroke in
      let digits = stroke.compactMap(\.wholeNumberValue)
      return stride(from: 0, to: digits.count - 1, by: 2).map { index in
        SIMD2(radius * 0.4 * Float(digits[index] - 2), radius * 0.31 * Float(digits[index + 1] - 3))
      }
    }
    let width = radius * random.uniform(0.12, 0.26), half = radius * random.uniform(0.1, 0.28)
    let isRound = random.chance(0.35), rounding = width * random.uniform(0.05, 0.5)
    for (index, stroke) in strokes.enumerated() {
      let line = outline(stroke, closed: false)
      add(
        isRound ? .rod(line, radius: width) : .band(line, halfWidth: width, half: half, rounding: min(rounding, half)),
        at: x, y, colour: colour, part: index == 0 ? .new : .same)
    }
  }
}
