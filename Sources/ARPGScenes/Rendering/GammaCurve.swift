import Foundation

/// Linear light to display values by the exponent 1 / 2.2, from a table over the square root, along which the curve is
/// almost straight.
struct GammaCurve {
  private let values: [Float]
  private static let steps = 1024

  init() {
    values = (0...Self.steps + 1).map { Float(pow(min(Double($0) / Double(Self.steps), 1), 2 / 2.2)) }
  }

  /// The display values of four linear ones in 0...1.
  @inline(__always)
  func values(_ linear: Lanes) -> Lanes {
    let place = linear.squareRoot() * Float(Self.steps)
    @inline(__always)
    func value(_ lane: Int) -> Float {
      let index = Int(place[lane])
      return values[index] + (values[index + 1] - values[index]) * (place[lane] - Float(index))
    }
    return Lanes(value(0), value(1), value(2), value(3))
  }
}
