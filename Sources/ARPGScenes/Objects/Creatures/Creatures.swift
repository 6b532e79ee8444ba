extension ShapeKind {
  /// Animals and people.
  static let creatures: [ShapeKind] = [
    ShapeKind(name: "four-legged animal", share: 0.13) { $0.buildFourLeggedAnimal(&$1) },
    ShapeKind(name: "fish", share: 0.05) { $0.buildFish(&$1) },
    ShapeKind(name: "upright creature", share: 0.09) { $0.buildUprightCreature(&$1) },
    ShapeKind(name: "head", share: 0.04) { $0.buildHead(&$1) },
    ShapeKind(name: "person", share: 0.008) { $0.buildPerson(&$1) },
    ShapeKind(name: "bird", share: 0.008) { $0.buildBird(&$1) },
    ShapeKind(name: "butterfly", share: 0.008) { $0.buildButterfly(&$1) },
    ShapeKind(name: "snail", share: 0.008) { $0.buildSnail(&$1) },
  ]
}
