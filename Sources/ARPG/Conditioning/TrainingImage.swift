/// An image to train on, and what else is known of it.
public struct TrainingImage: Sendable {
  /// The image.
  public let image: Image
  /// Maps that stand beside it, of its size, by their names.
  public let maps: [String: Plane]

  /// An image with maps; see the properties.
  public init(image: Image, maps: [String: Plane] = [:]) {
    self.image = image
    self.maps = maps
  }
}

/// A map that may stand beside the images of a folder: `NAME/CLASS/FILE.png` beside `images/CLASS/FILE.png`.
public struct TrainingMap: Sendable, Equatable {
  /// The name of its folder.
  public let name: String
  /// Whether its values are numbers of things, which are never mixed when a map is scaled.
  public let isLabelled: Bool

  /// A map; see the properties.
  public init(_ name: String, isLabelled: Bool = false) {
    self.name = name
    self.isLabelled = isLabelled
  }
}
