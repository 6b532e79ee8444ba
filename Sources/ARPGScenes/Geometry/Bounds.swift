/// A box along the axes.
struct Bounds {
  var low: SIMD3<Float>
  var high: SIMD3<Float>

  init(low: SIMD3<Float>, high: SIMD3<Float>) { (self.low, self.high) = (low, high) }

  /// A box around the origin of half the sides given.
  init(half: SIMD3<Float>) { self.init(low: -half, high: half) }

  /// The box around what some primitives add; empty where they add nothing.
  init(of primitives: [Primitive]) {
    self.init(low: SIMD3(repeating: .infinity), high: SIMD3(repeating: -.infinity))
    for primitive in primitives where !primitive.isCut { formUnion(primitive.bounds) }
  }

  var centre: SIMD3<Float> { (low + high) / 2 }

  var sides: SIMD3<Float> { high - low }

  mutating func formUnion(_ other: Bounds) {
    low = low.replacing(with: other.low, where: other.low .< low)
    high = high.replacing(with: other.high, where: other.high .> high)
  }

  /// The box as far as it is over the floor.
  var overFloor: Bounds { Bounds(low: SIMD3(low.x, max(low.y, 0), low.z), high: high) }

  /// The box larger by a factor, seen from the origin.
  func scaled(by factor: Float) -> Bounds { Bounds(low: low * factor, high: high * factor) }

  /// The box moved.
  func moved(by offset: SIMD3<Float>) -> Bounds { Bounds(low: low + offset, high: high + offset) }
}
