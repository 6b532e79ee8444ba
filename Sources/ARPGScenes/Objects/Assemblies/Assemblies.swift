extension ShapeKind {
  /// Free forms, and things of many makes.
  static let assemblies: [ShapeKind] = [
    ShapeKind(name: "turned body", share: 0.05) { $0.buildTurnedBody(&$1) },
    ShapeKind(name: "free union", share: 0.07) { $0.buildFreeUnion(&$1) },
    ShapeKind(name: "building", share: 0.035) { $0.buildBuilding(&$1) },
    ShapeKind(name: "vehicle", share: 0.03) { $0.buildVehicle(&$1) },
    ShapeKind(name: "airplane", share: 0.025) { $0.buildAirplane(&$1) },
    ShapeKind(name: "flower", share: 0.025) { $0.buildFlower(&$1) },
  ]
}
