import ARPG
import ARPGTensor

/// Lines that are erased, added to, bent and thickened.
struct LineDrawing {
  private let width: Int
  private let height: Int
  /// The shorter side, for pictures of 128 pixels 1.
  private let unit: Float
  private var ink: [Float]

  init(_ plane: Plane) {
    (width, height, ink) = (plane.width, plane.height, plane.values)
    unit = Float(min(width, height)) / 128
  }

  var plane: Plane { Plane(width: width, height: height, values: ink) }

  /// A length of a picture of 128 pixels in this one, at least 1.
  func scaled(_ length: Int) -> Int { max(1, Int((Float(length) * unit).rounded())) }

  /// Erases a rectangle of 5 to 25 pixels a side.
  mutating func erase(using random: inout PhiloxStream) {
    let columns = min(width, scaled(random.integer(in: 5..<26)))
    let rows = min(height, scaled(random.integer(in: 5..<26)))
    let left = random.integer(in: 0..<width - columns + 1)
    let top = random.integer(in: 0..<height - rows + 1)
    for row in top..<top + rows {
      for column in left..<left + columns { ink[row * width + column] = 0 }
    }
  }

  /// Draws a straight stroke that reaches up to 20 pixels to either side and up or down.
  mutating func scribble(using random: inout PhiloxStream) {
    let start = (x: random.integer(in: 0..<width), y: random.integer(in: 0..<height))
    let reach = scaled(20)
    let end = (
      x: max(0, min(start.x + random.integer(in: -reach..<reach + 1), width - 1)),
      y: max(0, min(start.y + random.integer(in: -reach..<reach + 1), height - 1))
    )
    let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
    for step in 0...steps {
      let share = Float(step) / Float(steps)
      let x = start.x + Int((Float(end.x - start.x) * share).rounded())
      let y = start.y + Int((Float(end.y - start.y) * share).rounded())
      ink[y * width + x] = 1
    }
  }

  /// Moves each place by a smooth field of a standard deviation of 0.5 to 2.2 pixels at 4 to 10 knots a side.
  mutating func waver(using random: inout PhiloxStream) {
    let amount = random.uniform(0.5, 2.2) * unit
    let knots = random.integer(in: 4..<11)
    let size = ImageSize(width: width, height: height)
    func field() -> [Float] {
      let values = (0..<knots * knots).map { _ in random.normal() * amount }
      return Plane(width: knots, height: knots, values: values).resized(to: size, filter: .bicubic).values
    }
    let (across, down) = (field(), field())
    let still = ink
    func sample(_ column: Int, _ row: Int) -> Float {
      0..<width ~= column && 0..<height ~= row ? still[row * width + column] : 0
    }
    for row in 0..<height {
      for column in 0..<width {
        let index = row * width + column
        let (x, y) = (Float(column) + across[index], Float(row) + down[index])
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        let (right, bottom) = (x - left, y - top)
        let (first, second) = (Int(left), Int(top))
        let upper = sample(first, second) * (1 - right) + sample(first + 1, second) * right
        let lower = sample(first, second + 1) * (1 - right) + sample(first + 1, second + 1) * right
        ink[index] = upper * (1 - bottom) + lower * bottom
      }
    }
  }

  /// Gives each place the strongest ink within a disc of a diameter.
  mutating func thicken(to diameter: Int) {
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
}
