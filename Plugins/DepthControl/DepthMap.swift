import ARPG

/// Depth maps as an encoder takes them: 0 far, 1 near.
public enum DepthMap {
  /// What the values of a depth map mean.
  public enum Encoding: String, Sendable, CaseIterable {
    /// Near is bright, as depth estimators write it.
    case inverse
    /// Distances: near is dark, and 0 is unknown.
    case metric
  }

  /// Reads a depth map, stretched to its own minimum and maximum; one without differences is 0.5 everywhere.
  ///
  /// - Parameters:
  ///   - image: grey; 16-bit precision is used where the image has it.
  ///   - encoding: what the values mean. Distances are inverted; unknown ones count as far.
  ///   - size: the size that the encoder expects, cropped to its shape; nil keeps the image's own.
  public static func plane(of image: Image, encoding: Encoding = .inverse, size: ImageSize?) -> Plane {
    let grey = image.greyPlane
    let stretched =
      switch encoding {
      case .inverse: stretch(grey.values) { _ in true }
      case .metric: stretch(grey.values.map { $0 > 0 ? 1 / $0 : 0 }) { $0 > 0 }
      }
    let plane = Plane(width: grey.width, height: grey.height, values: stretched)
    return size.map { plane.centreCropped(to: $0).map { max(0, min($0, 1)) } } ?? plane
  }

  /// The values moved to 0...1 by the smallest and largest known one; the others become 0.
  private static func stretch(_ values: [Float], isKnown: (Float) -> Bool) -> [Float] {
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in values where isKnown(value) { (low, high) = (min(low, value), max(high, value)) }
    guard low < high else { return values.map { low == high && !isKnown($0) ? 0 : 0.5 } }
    return values.map { isKnown($0) ? ($0 - low) / (high - low) : 0 }
  }
}
