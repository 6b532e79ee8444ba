import ARPGTensor

/// Objects in a room, lit and looked at.
struct Scene {
  /// All objects as one.
  let object: SceneObject
  let boundingSphere: BoundingSphere
  let camera: Camera
  let room: Room
  let lighting: Lighting

  /// A scene of a class; all else is drawn by lot.
  init(_ sceneClass: SceneClass, cameras: SceneCameras, using random: inout PhiloxStream) {
    object = SceneObject(sceneClass, using: &random)
    let bounds = object.bounds.overFloor
    boundingSphere = BoundingSphere(around: bounds)
    camera = Camera(
      facing: bounds, from: Camera.View(of: sceneClass.cameraRanges, cameras, using: &random),
      size: max(bounds.sides.y, 0.782 * SIMD2(bounds.sides.x, bounds.sides.z).length, 0.9))
    room = Room(seenBy: camera, backgrounds: Palette.backgrounds, using: &random)
    lighting = Lighting(seenBy: camera, using: &random)
  }

  /// A scene of any shapes: mostly one object, sometimes two or three side by side.
  init(ofShapesUsing random: inout PhiloxStream) {
    let count = random.chance(0.92) ? 1 : random.chance(0.8) ? 2 : 3
    self.init(of: (0..<count).map { _ in SceneObject(anyUsing: &random) }, using: &random)
  }

  /// A scene of an object of a kind.
  init(of kind: ShapeKind, using random: inout PhiloxStream) {
    self.init(of: [SceneObject(kind, using: &random)], using: &random)
  }

  /// A scene of objects side by side, at least one; some float.
  private init(of parts: [SceneObject], using random: inout PhiloxStream) {
    var objects = SceneObject(colours: parts[0].colours)
    var bounds = Bounds(of: [])
    let count = parts.count
    var left: Float = 0
    for next in parts {
      let scale = count == 1 ? 1 : random.uniform(0.5, 0.8)
      let height = random.chance(0.15) ? random.uniform(0.05, 0.4) : 0
      let box = next.bounds.scaled(by: scale)
      let offset = SIMD3(
        count == 1 ? 0 : left - box.low.x, height - box.low.y, count == 1 ? 0 : random.uniform(-0.15, 0.15))
      objects.add(next, scaledBy: scale, movedBy: offset)
      bounds.formUnion(box.moved(by: offset))
      left = bounds.high.x + random.uniform(0.02, 0.3)
    }
    object = objects
    boundingSphere = BoundingSphere(around: bounds)
    let view = Camera.View(ofShapesUsing: &random)
    let (sine, cosine) = sineAndCosine(view.azimuth)
    let across = abs(cosine) * bounds.sides.x + abs(sine) * bounds.sides.z
    camera = Camera(facing: bounds, from: view, size: max(bounds.sides.y, across) * 0.98)
    room = Room(
      seenBy: camera, backgrounds: Palette.manyBackgrounds, least: bounds.sides.z / 2 + 0.4, using: &random)
    lighting = Lighting(seenBy: camera, using: &random)
  }
}

extension SceneObject {
  /// An object of a class in colours of its own.
  fileprivate init(_ sceneClass: SceneClass, using random: inout PhiloxStream) {
    self.init(colours: .ofClass(using: &random))
    sceneClass.build(&self, &random)
  }

  /// An object of any kind, some of them those that classes have.
  fileprivate init(anyUsing random: inout PhiloxStream) {
    if random.chance(0.15) {
      self.init(colours: .ofShape(using: &random))
      random.pick(SceneClass.allCases).build(&self, &random)
    } else {
      let kind = random.pick(ShapeKind.all, share: \.share)
      self.init(kind, using: &random)
    }
  }

  /// An object of a kind in colours of its own.
  fileprivate init(_ kind: ShapeKind, using random: inout PhiloxStream) {
    let colours = ColourScheme.ofShape(using: &random)
    self.init(colours: colours, gloss: random.chance(0.3) ? 0.02 : random.uniform(0.1, 0.45))
    kind.build(&self, &random)
  }
}
