import ARPGTensor

/// What a scene shows. The order is that of class numbers.
public enum SceneClass: String, CaseIterable, Sendable {
  case mug, bottle, vase, bowl, chair, table, lamp, house, tree, mushroom, car, boat, rocket, snowman, donut, ball

  /// The number of the class: its place among all cases.
  public var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Builds an object of the class.
  func build(_ object: inout SceneObject, _ random: inout PhiloxStream) {
    switch self {
    case .mug: object.buildMug(&random)
    case .bottle: object.buildBottle(&random)
    case .vase: object.buildVase(&random)
    case .bowl: object.buildBowl(&random)
    case .chair: object.buildChair(&random)
    case .table: object.buildTable(&random)
    case .lamp: object.buildLamp(&random)
    case .house: object.buildHouse(&random)
    case .tree: object.buildTree(&random)
    case .mushroom: object.buildMushroom(&random)
    case .car: object.buildCar(&random)
    case .boat: object.buildBoat(&random)
    case .rocket: object.buildRocket(&random)
    case .snowman: object.buildSnowman(&random)
    case .donut: object.buildDonut(&random)
    case .ball: object.buildBall(&random)
    }
  }

  /// Where an object of the class is seen from: what has a front, from the front, and what is hollow, from above.
  var cameraRanges: Camera.Ranges {
    switch self {
    case .mug: Camera.Ranges(azimuth: -1.2...1.2)
    case .chair, .house, .snowman: Camera.Ranges(azimuth: -1.1...1.1)
    case .car, .boat: Camera.Ranges(azimuth: -0.9...0.9)
    case .bowl: Camera.Ranges(elevation: 0.25...0.75)
    case .donut: Camera.Ranges(elevation: 0.3...0.85)
    case .bottle, .vase, .table, .lamp, .tree, .mushroom, .rocket, .ball: Camera.Ranges()
    }
  }
}
