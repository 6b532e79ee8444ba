import ARPGTensor

/// An object in a room, lit and looked at.
struct Scene {
  let primitives: [Primitive]
  let boundingSphere: BoundingSphere
  let camera: Camera
  let room: Room
  let lighting: Lighting

  /// A scene of a class; all else is drawn by lot.
  init(_ sceneClass: SceneClass, using random: inout PhiloxStream) {
    var object = SceneObject(using: &random)
    sceneClass.build(&object, &random)
    primitives = object.primitives
    let bounds = Bounds(of: primitives)
    boundingSphere = BoundingSphere(centre: bounds.centre, radius: bounds.sides.length / 2 + 0.03)
    camera = Camera(facing: bounds, within: sceneClass.cameraRanges, using: &random)
    room = Room(seenBy: camera, using: &random)
    lighting = Lighting(seenBy: camera, using: &random)
  }
}
