import ARPGTensor

/// An object in the making. It stands on the floor, y = 0, around the origin, and its front looks along z; its size is
/// about one.
struct SceneObject {
  private(set) var primitives: [Primitive] = []
  private(set) var markings: [Marking] = []
  /// The edges of all outlines.
  private(set) var edges: [OutlineEdge] = []
  /// The number of parts: solids that belong together. A cut is one of its own, since it has a colour of its own.
  private(set) var parts = 0
  /// The colours it is painted with.
  let colours: ColourScheme
  /// The gloss of parts that have none of their own.
  let gloss: Float
  /// How what is added is turned, around the origin.
  private var frame: Rotation?

  init(colours: ColourScheme, gloss: Float = 0.15) {
    self.colours = colours
    self.gloss = gloss
  }

  var main: SIMD3<Float> { colours.main }
  var accent: SIMD3<Float> { colours.accent }
  var wood: SIMD3<Float> { colours.wood }

  /// What part a shape belongs to.
  enum PartChoice {
    case new
    /// That of the shape before.
    case same
  }

  /// Joins a shape to what is there. Smooth unions belong to the part before unless told otherwise, other shapes are new
  /// parts.
  mutating func add(
    _ shape: Shape, at x: Float = 0, _ y: Float, _ z: Float = 0, turned rotation: Rotation? = nil,
    join: Primitive.Join = .union, colour: SIMD3<Float>, gloss: Float? = nil, stripes: Float = 0,
    part: PartChoice? = nil
  ) {
    let isSmooth = if case .smoothUnion = join { true } else { false }
    if part ?? (isSmooth ? .same : .new) == .new || parts == 0 { parts += 1 }
    primitives.append(
      Primitive(
        placed(shape, SIMD3(x, y, z), rotation), join: join,
        material: Material(colour: colour, gloss: gloss ?? self.gloss, stripes: stripes), part: parts - 1))
  }

  /// Takes a shape away from what is there; the cut has the colour given.
  mutating func cut(
    _ shape: Shape, at x: Float = 0, _ y: Float, _ z: Float = 0, turned rotation: Rotation? = nil, colour: SIMD3<Float>
  ) {
    add(shape, at: x, y, z, turned: rotation, join: .subtraction, colour: colour, gloss: 0.15)
  }

  /// Colours the surface within a shape.
  ///
  /// - Parameter targets: the primitives that it colours; nil for all, those that are added later as well.
  mutating func mark(
    _ shape: Shape, at x: Float = 0, _ y: Float, _ z: Float = 0, turned rotation: Rotation? = nil, colour: SIMD3<Float>,
    on targets: Range<Int>? = nil
  ) {
    markings.append(
      Marking(placed(shape, SIMD3(x, y, z), rotation), colour: colour, on: targets ?? 0..<Self.anyPrimitive))
  }

  /// Keeps the edges of an outline through some points.
  mutating func outline(_ points: [SIMD2<Float>], closed: Bool = true) -> Outline {
    defer { edges += OutlineEdge.edges(through: points, closed: closed) }
    return Outline(through: points, closed: closed, edgesFrom: edges.count)
  }

  /// Turns all that is added from now on around the origin.
  mutating func turn(_ rotation: Rotation) { frame = frame?.after(rotation) ?? rotation }

  private func placed(_ shape: Shape, _ position: SIMD3<Float>, _ rotation: Rotation?) -> PlacedShape {
    guard let frame else { return PlacedShape(shape, at: position, turned: rotation) }
    return PlacedShape(shape, at: frame.applied(to: position), turned: rotation.map(frame.after) ?? frame)
  }

  /// The box around what it adds.
  var bounds: Bounds { Bounds(of: primitives) }

  /// Either side: -1 and 1.
  static let sides: [Float] = [-1, 1]
  private static let anyPrimitive = 1 << 20

  /// Takes in another object, larger by a factor and moved.
  mutating func add(_ other: SceneObject, scaledBy factor: Float, movedBy offset: SIMD3<Float>) {
    let own = primitives.count
    primitives += other.primitives.map {
      $0.scaled(by: factor, movedBy: offset, edgesMovedBy: edges.count, partsMovedBy: parts)
    }
    markings += other.markings.map {
      var marking = $0
      marking.limit(to: other.primitives.count)
      return marking.scaled(by: factor, movedBy: offset, edgesMovedBy: edges.count, targetsMovedBy: own)
    }
    edges += other.edges.map { $0.scaled(by: factor) }
    parts += other.parts
  }
}
