import ARPGTensor

/// A kind of objects without a class.
struct ShapeKind: Sendable {
  let name: String
  /// How often it is drawn among all kinds, in proportion.
  let share: Double
  /// Builds one at its usual size.
  let build: @Sendable (inout SceneObject, inout PhiloxStream) -> Void

  /// All kinds: a quarter flat shapes, a third animals and people, the rest things and free forms.
  static let all: [ShapeKind] = [flatShape, letters] + creatures + assemblies + things

  /// Things of one make, rare each.
  private static let things = (household + food + sky + garden + travel + tools).map { kind in
    ShapeKind(name: kind.name, share: kind.share * 0.007, build: kind.build)
  }

  /// A thing that is as likely as every other thing.
  init(thing name: String, build: @escaping @Sendable (inout SceneObject, inout PhiloxStream) -> Void) {
    self.init(name: name, share: 1, build: build)
  }

  /// A kind; see the properties.
  init(
    name: String, share: Double, build: @escaping @Sendable (inout SceneObject, inout PhiloxStream) -> Void
  ) {
    self.name = name
    self.share = share
    self.build = build
  }
}
