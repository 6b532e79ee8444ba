import ARPGTensor

/// From where scenes of classes are seen.
public enum SceneCameras: String, Codable, Sendable, CaseIterable {
  /// From somewhat above, the object whole in the image.
  case usual
  /// A quarter from near the floor and a quarter nearer, farther or aside: what people draw is not always well placed.
  case wide
}

extension Camera {
  /// Where a camera stands, and what it has of an object in its image.
  struct View {
    /// The angle around the object, 0 being its front, in radians.
    var azimuth: Float
    /// The angle over the floor, in radians.
    var elevation: Float
    /// The share of the image that the object takes.
    var fill: Float
    /// How far the object is off the middle, in sizes of the object.
    var aside: Float
    var above: Float

    /// A view of an object of a class.
    init(of ranges: Ranges, _ cameras: SceneCameras, using random: inout PhiloxStream) {
      azimuth = random.uniform(ranges.azimuth.lowerBound, ranges.azimuth.upperBound)
      elevation = random.uniform(ranges.elevation.lowerBound, ranges.elevation.upperBound)
      if cameras == .wide, random.chance(0.25) {
        elevation = random.uniform(0.03, 0.3)
        if random.chance(0.5) { azimuth = random.uniform(-0.35, 0.35) }
      }
      fill = random.uniform(0.7, 0.94)
      (aside, above) = (random.uniform(-0.08, 0.08), random.uniform(-0.05, 0.08))
      if cameras == .wide, random.chance(0.25) {
        fill = random.uniform(0.5, 1.05)
        (aside, above) = (random.uniform(-0.2, 0.2), random.uniform(-0.15, 0.2))
      }
    }

    /// A view of any shapes, mostly from the front and from near the floor, as people draw things.
    init(ofShapesUsing random: inout PhiloxStream) {
      azimuth = random.chance(0.6) ? random.uniform(-0.25, 0.25) : random.uniform(-0.75, 0.75)
      elevation = random.chance(0.6) ? random.uniform(0.03, 0.25) : random.uniform(0.1, 0.55)
      fill = random.uniform(0.55, 1.08)
      (aside, above) = (random.uniform(-0.14, 0.14), random.uniform(-0.14, 0.16))
    }
  }
}
