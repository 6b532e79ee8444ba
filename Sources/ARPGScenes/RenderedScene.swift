import ARPGImages

/// An image of a scene and what is known of it.
public struct RenderedScene: Sendable {
  /// The image, square.
  public let image: Image
  /// How near each pixel is: the mean inverse distance along the camera's axis, moved to 0 for the farthest and 1 for the
  /// nearest pixel.
  public let depth: Plane
  /// The share of each pixel that shows an object and not floor or wall, 0...1.
  public let coverage: Plane
  /// What the middle of each pixel shows, rows from the top: 0 is floor or wall, 1 to 60 are parts of objects, each of one
  /// colour; 65 to 124 are the lighter stripes on parts 1 to 60, and 128 and more are other markings.
  public let parts: [UInt8]
  /// The class of the object; nil for scenes of any shapes, which have none.
  public let sceneClass: SceneClass?

  /// The number of the class, see ``SceneClass/index``.
  public var classIndex: Int? { sceneClass?.index }

  /// The depth as a grey image of 16 bits, near bright.
  public var depthImage: Image {
    let deep = depth.values.map { UInt16(($0 * 65535).rounded()) }
    return Image(
      width: depth.width, height: depth.height,
      pixels: deep.flatMap { [UInt8](repeating: UInt8((UInt32($0) * 255 + 32767) / 65535), count: 3) }, deepGrey: deep)
  }

  /// The parts as a grey image.
  public var partsImage: Image { Image(width: image.width, height: image.height, grey: parts) }
}
