import ARPG
import ARPGScenes

/// The sizes of a ``Evaluator``.
public struct EvaluatorConfiguration: Codable, Sendable, Equatable {
  /// `channels`: the channels of the first stage, a multiple of 8; later stages have two and four times as many. 32.
  public var channels = 32
  /// `image_size`: the side that images are scaled to before they are evaluated, a multiple of 16. 64.
  public var imageSize = 64
  /// `classes`: the names of the classes that it tells apart, in the order of its logits: those of ``/ARPGScenes/SceneClass``.
  public var classes = SceneClass.allCases.map(\.rawValue)

  /// The defaults.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case channels, classes
    case imageSize = "image_size"
  }

  /// The side of the depth map: a quarter of the image's.
  public var depthSize: Int { imageSize / 4 }

  /// Checks the sizes.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError/invalid(field:found:expected:)``.
  public func validate() throws(ConfigurationError) {
    try ConfigurationError.require(
      8...512 ~= channels && channels % 8 == 0, "channels", channels, "a multiple of 8, at most 512")
    try ConfigurationError.require(
      16...1024 ~= imageSize && imageSize % 16 == 0, "image_size", imageSize, "a multiple of 16, at most 1024")
    try ConfigurationError.require(
      classes == Self().classes, "classes", classes.joined(separator: ", "), Self().classes.joined(separator: ", "))
  }
}
