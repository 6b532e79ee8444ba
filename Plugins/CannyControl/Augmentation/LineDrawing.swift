import ARPG
import ARPGTensor

/// Lines that are bent, doubled, thickened, broken and added to. Lengths are those of an image of 128 pixels and grow with it.
struct LineDrawing {
  private let width: Int
  private let height: Int
  private var ink: [Float]

  init(_ plane: Plane) {
    (width, height, ink) = (plane.width, plane.height, plane.values)
  }

  var plane: Plane { Plane(width: width, height: height, values: ink) }

  /// A pixel of an image of 128, in pixels of this one.
  var unit: Float { Float(min(width, height)) / 128 }

  /// A smooth field of displacements in pixels.
  ///
  /// - Parameters:
  ///   - amount: its standard deviation.
  ///   - knots: how many places a side are drawn by lot; between them it is smooth.
  func displacements(
    amount: Float, knots: Int, using random: inout PhiloxStream
  ) -> (x: [Float], y: [Float]) {
    func field() -> [Float] {
      let values = (0..<knots * knots).map { _ in random.normal() * amount * unit }
      return Plane(width: knots, height: knots, values: values)
        .resized(to: ImageSize(width: width, height: height), filter: .bicubic).values
    }
    return (field(), field())
  }

  /// Gives each place the ink of the place that it is displaced to.
  mutating func bend(by displacements: (x: [Float], y: [Float])) {
    let still = ink
    func sample(_ column: Int, _ row: Int) -> Float {
      0..<width ~= column && 0..<height ~= row ? still[row * width + column] : 0
    }
    for row in 0..<height {
      for column in 0..<width {
        let index = row * width + column
        let (x, y) = (Float(column) + displacements.x[index], Float(row) + displacements.y[index])
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        let (right, bottom) = (x - left, y - top)
        let (first, second) = (Int(left), Int(top))
        let upper = sample(first, second) * (1 - right) + sample(first + 1, second) * right
        let lower = sample(first, second + 1) * (1 - right) + sample(first + 1, second + 1) * right
        ink[index] = upper * (1 - bottom) + lower * bottom
      }
    }
  }

  /// Adds the lines of another drawing of the same size.
  mutating func overlay(_ other: LineDrawing) {
    for index in ink.indices { ink[index] = max(ink[index], other.ink[index]) }
  }

  /// Gives each place the strongest ink within a disc of a diameter in pixels.
  mutating func thicken(to diameter: Int) {
    guard diameter > 1 else { return }
    let middle = Float(diameter - 1) / 2
    // A little under the radius, so that 3 pixels are a cross and no square.
    let limit = 0.175 * Float(diameter * diameter)
    var steps: [(x: Int, y: Int)] = []
    for y in 0..<diameter {
      for x in 0..<diameter {
        let (dx, dy) = (Float(x) - middle, Float(y) - middle)
        if dx * dx + dy * dy <= limit { steps.append((x - diameter / 2, y - diameter / 2)) }
      }
    }
    let thin = ink
    for row in 0..<height {
      for column in 0..<width where thin[row * width + column] > 0 {
        let strength = thin[row * width + column]
        for step in steps {
          let (x, y) = (column + step.x, row + step.y)
          guard 0..<width ~= x, 0..<height ~= y else { continue }
          ink[y * width + x] = max(ink[y * width + x], strength)
        }
      }
    }
  }

  /// Takes away what lies where a smooth noise of 0...1 is under a threshold.
  mutating func breakUp(below threshold: Float, using random: inout PhiloxStream) {
    let noise = noise(knots: 24, using: &random)
    for index in ink.indices where noise[index] < threshold { ink[index] = 0 }
  }

  /// Lets the pressure of the pen change between 0.55 and 1.
  mutating func changePressure(using random: inout PhiloxStream) {
    let noise = noise(knots: 6, using: &random)
    for index in ink.indices { ink[index] *= 0.55 + 0.45 * noise[index] }
  }

  private func noise(knots: Int, using random: inout PhiloxStream) -> [Float] {
    let values = (0..<knots * knots).map { _ in random.uniform(0, 1) }
    return Plane(width: knots, height: knots, values: values)
      .resized(to: ImageSize(width: width, height: height), filter: .bilinear).values
  }

  /// Erases a rectangle of 4 to 25 % of each side, which may reach beyond the image.
  mutating func erase(using random: inout PhiloxStream) {
    let columns = span(of: width, using: &random), rows = span(of: height, using: &random)
    for row in rows {
      for column in columns { ink[row * width + column] = 0 }
    }
  }

  private func span(of side: Int, using random: inout PhiloxStream) -> Range<Int> {
    let length = random.uniform(0.04, 0.25) * Float(side), start = random.uniform(-0.1, 1) * Float(side)
    let first = max(0, min(Int(start.rounded()), side))
    return first..<max(first, min(Int((start + length).rounded()), side))
  }

  /// Draws a straight stroke that reaches up to 16 % of each side.
  mutating func scribble(using random: inout PhiloxStream) {
    let sides = SIMD2(Float(width), Float(height))
    let start = SIMD2(random.uniform(0, 1), random.uniform(0, 1)) * sides
    let step = SIMD2(random.uniform(-0.16, 0.16), random.uniform(-0.16, 0.16)) * sides
    let square = (step * step).sum() + 1, half = max(0.8, 0.8 * unit)
    for row in 0..<height {
      for column in 0..<width {
        let place = SIMD2(Float(column), Float(row)) - start
        let beside = place - step * max(0, min((place * step).sum() / square, 1))
        let strength = max(0, min(half - (beside * beside).sum().squareRoot(), 1))
        ink[row * width + column] = max(ink[row * width + column], strength)
      }
    }
  }

  /// Multiplies all ink.
  mutating func strengthen(by factor: Float) {
    for index in ink.indices { ink[index] = max(0, min(ink[index] * factor, 1)) }
  }

  /// Blurs all lines.
  mutating func blur(sigma: Float) { ink = plane.blurred(sigma: sigma, radius: Int((2.5 * sigma).rounded(.up))).values }
}
