import ARPGTensor

/// A closed outline of a flat thing: points in the plane, and the radius that its corners are rounded by outwards.
struct Figure {
  var points: [SIMD2<Float>]
  var corner: Float = 0

  /// Points at a number of angles all around, each at the place that `point` gives for the angle's sine and cosine.
  static func around(
    _ count: Int, from start: Float = 0, _ point: (_ sine: Float, _ cosine: Float, _ angle: Float) -> SIMD2<Float>
  ) -> [SIMD2<Float>] {
    (0..<count).map { index in
      let angle = start + Float(index) * 2 * .pi / Float(count)
      let (sine, cosine) = sineAndCosine(angle)
      return point(sine, cosine, angle)
    }
  }

  /// The figure larger by a factor.
  func scaled(by factor: Float) -> Figure { Figure(points: points.map { $0 * factor }, corner: corner * factor) }

  /// The figure turned around the origin.
  func turned(by angle: Float) -> Figure { Figure(points: points.map { $0.turned(by: angle) }, corner: corner) }
}

/// A kind of outlines.
struct FigureKind: Sendable {
  let name: String
  /// How often it is drawn among all kinds, in proportion.
  var share = 1.0
  /// An outline of about a radius of 1.
  let draw: @Sendable (inout PhiloxStream) -> Figure

  /// All kinds.
  static let all = rounds + polygons + signs

  /// An outline of any kind, of about a radius.
  static func any(radius: Float, using random: inout PhiloxStream) -> Figure {
    random.pick(all, share: \.share).draw(&random).scaled(by: radius)
  }
}

extension SceneObject {
  /// A prism of a figure, from -half to half along z.
  mutating func prism(_ figure: Figure, half: Float, rounding: Float = 0) -> Shape {
    .prism(outline(figure.points), half: half, corner: figure.corner, rounding: rounding)
  }

  /// A prism of a polygon, its corners rounded outwards.
  mutating func prism(_ points: [SIMD2<Float>], half: Float, corner: Float = 0, rounding: Float = 0) -> Shape {
    prism(Figure(points: points, corner: corner), half: half, rounding: rounding)
  }
}

extension PhiloxStream {
  /// One of the elements, each as likely as its share of the sum of all.
  mutating func pick<Element>(_ elements: [Element], share: (Element) -> Double) -> Element {
    var rest = uniform() * elements.reduce(0) { $0 + share($1) }
    for element in elements {
      rest -= share(element)
      if rest < 0 { return element }
    }
    return elements[elements.count - 1]
  }
}
