import ARPGTensor

/// An object in the making. It stands on the floor, y = 0, around the origin, and its front looks along z; its size is
/// about one.
struct SceneObject {
  private(set) var primitives: [Primitive] = []
  /// The paint of most of it.
  let main: SIMD3<Float>
  /// The paint of its details, told apart from the main one.
  let accent: SIMD3<Float>
  /// The wood of what is made of wood.
  let wood: SIMD3<Float>

  init(using random: inout PhiloxStream) {
    wood = random.pick(Palette.woods)
    main = Palette.paint(using: &random)
    accent = Palette.paint(unlike: main, using: &random)
  }

  /// Joins a shape to what is there.
  mutating func add(
    _ shape: Shape, at x: Float = 0, _ y: Float, _ z: Float = 0, turned rotation: Rotation? = nil,
    join: Primitive.Join = .union, colour: SIMD3<Float>, gloss: Float = 0.15, stripes: Float = 0
  ) {
    primitives.append(
      Primitive(
        shape, at: SIMD3(x, y, z), turned: rotation, join: join,
        material: Material(colour: colour, gloss: gloss, stripes: stripes)))
  }

  /// Takes a shape away from what is there; the cut has the colour given.
  mutating func cut(_ shape: Shape, at x: Float = 0, _ y: Float, _ z: Float = 0, colour: SIMD3<Float>) {
    add(shape, at: x, y, z, join: .subtraction, colour: colour)
  }

  /// Either side: -1 and 1.
  static let sides: [Float] = [-1, 1]
}
