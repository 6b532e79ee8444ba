/// A line of straight edges in the plane z = 0, for shapes that are made of one. Its edges lie with those of the whole
/// object.
package struct Outline {
  /// Where its edges are among those of the object.
  private(set) var first: Int32
  let count: Int32
  /// The box around its points.
  private(set) var low: SIMD2<Float>
  private(set) var high: SIMD2<Float>
  /// How far its points are from the origin at most.
  private(set) var radius: Float

  /// The outline through some points, whose edges begin at a place; a closed one goes back to its first point.
  package init(through points: [SIMD2<Float>], closed: Bool, edgesFrom first: Int) {
    self.first = Int32(first)
    count = Int32(closed ? points.count : points.count - 1)
    low = points.reduce(SIMD2(repeating: .infinity)) { pointwiseMin($0, $1) }
    high = points.reduce(SIMD2(repeating: -.infinity)) { pointwiseMax($0, $1) }
    radius = points.map(\.length).max() ?? 0
  }

  /// The outline larger by a factor, with its edges further behind.
  func scaled(by factor: Float, edgesMovedBy places: Int) -> Outline {
    var outline = self
    outline.first += Int32(places)
    (outline.low, outline.high, outline.radius) = (low * factor, high * factor, radius * factor)
    return outline
  }

  /// The distance of four points of the plane to the nearest edge.
  @inline(__always)
  func distance(x: Lanes, y: Lanes, edges: UnsafeBufferPointer<OutlineEdge>) -> Lanes {
    var squared = Lanes(repeating: 1e18)
    for index in Int(first)..<Int(first + count) {
      squared = least(squared, edges[index].offset(x: x, y: y).squared)
    }
    return squared.squareRoot()
  }

  /// The same for a closed outline, negative inside.
  ///
  /// Source of the idea: Quilez, "2D distance functions", which counts crossings of a ray as it goes over the edges.
  @inline(__always)
  package func signedDistance(x: Lanes, y: Lanes, edges: UnsafeBufferPointer<OutlineEdge>) -> Lanes {
    var squared = Lanes(repeating: 1e18)
    var isInside = LaneMask(repeating: false)
    for index in Int(first)..<Int(first + count) {
      let edge = edges[index]
      let (offset, fromStart) = edge.offset(x: x, y: y)
      squared = least(squared, offset)
      let startsBelow = fromStart.y .>= .zero
      let endsAbove = y .< Lanes(repeating: edge.end.y)
      let isLeft = edge.step.x * fromStart.y .> edge.step.y * fromStart.x
      let crosses = (startsBelow .& endsAbove .& isLeft) .| .!(startsBelow .| endsAbove .| isLeft)
      isInside = isInside .^ crosses
    }
    let distance = squared.squareRoot()
    return distance.replacing(with: -distance, where: isInside)
  }
}

/// An edge of an outline, ready for computing with.
package struct OutlineEdge {
  let start: SIMD2<Float>
  let end: SIMD2<Float>
  let step: SIMD2<Float>
  private let inverseSquare: Float

  init(from start: SIMD2<Float>, to end: SIMD2<Float>) {
    (self.start, self.end) = (start, end)
    step = end - start
    inverseSquare = 1 / ((step * step).sum() + 1e-12)
  }

  /// The edges through some points.
  package static func edges(through points: [SIMD2<Float>], closed: Bool) -> [OutlineEdge] {
    let open = zip(points, points.dropFirst()).map { OutlineEdge(from: $0, to: $1) }
    guard closed, let first = points.first, let last = points.last else { return open }
    return open + [OutlineEdge(from: last, to: first)]
  }

  /// The edge larger by a factor.
  func scaled(by factor: Float) -> OutlineEdge { OutlineEdge(from: start * factor, to: end * factor) }

  /// The squared distance of four points to the edge, and where they are seen from its start.
  @inline(__always)
  fileprivate func offset(x: Lanes, y: Lanes) -> (squared: Lanes, fromStart: (x: Lanes, y: Lanes)) {
    let (fromX, fromY) = (x - start.x, y - start.y)
    let share = clamp((fromX * step.x + fromY * step.y) * inverseSquare, 0, 1)
    let (besideX, besideY) = (fromX - step.x * share, fromY - step.y * share)
    return (besideX * besideX + besideY * besideY, (fromX, fromY))
  }
}

extension SIMD2<Float> {
  var length: Float { (self * self).sum().squareRoot() }

  /// The point turned around the origin.
  func turned(by angle: Float) -> SIMD2<Float> {
    let (sine, cosine) = sineAndCosine(angle)
    return SIMD2(cosine * x - sine * y, sine * x + cosine * y)
  }
}
