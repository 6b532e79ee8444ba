import ARPG

/// The sizes of a vision transformer (arXiv 2010.11929, table 1).
public struct VisionTransformerConfiguration: VisionEncoderSizes {
  /// The side in pixels of the square images that the position embeddings were learnt for.
  public var image: Int
  /// The side in pixels of a patch.
  public var patch: Int
  /// The width of a token.
  public var hidden: Int
  /// The number of attention heads.
  public var heads: Int
  /// The number of layers.
  public var layers: Int
  /// The inner width of the feed-forward layers.
  public var intermediate: Int

  /// A configuration; `intermediate` is four times `hidden` where it is not given.
  public init(image: Int, patch: Int, hidden: Int, heads: Int, layers: Int, intermediate: Int? = nil) {
    self.image = image
    self.patch = patch
    self.hidden = hidden
    self.heads = heads
    self.layers = layers
    self.intermediate = intermediate ?? (hidden < 1 << 32 ? 4 * hidden : hidden)
  }

  /// The width of a token: ``hidden``.
  public var width: Int { hidden }

  /// The side of the grid that the position embeddings were learnt for.
  public var grid: Int { image / patch }

  /// Whether convolutions that halve the sides lead to patches: their side is a power of two from 2 on.
  var isPatchHalved: Bool { patch > 1 && patch.nonzeroBitCount == 1 }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  public func validate() throws(ConfigurationError) {
    for (field, value, limit) in [
      ("image", image, 1 << 14), ("patch", patch, 1 << 8), ("hidden", hidden, 1 << 14), ("heads", heads, 1 << 10),
      ("layers", layers, 1 << 10), ("intermediate", intermediate, 1 << 18),
    ] {
      try ConfigurationError.require(1...limit ~= value, field, value, "1 to \(limit)")
    }
    try ConfigurationError.require(
      image.isMultiple(of: patch), "patch", patch, "a divisor of image, which is \(image)")
    try ConfigurationError.require(grid <= 1 << 8, "patch", patch, "at least \(image >> 8), so that tokens are few")
    try ConfigurationError.require(
      hidden.isMultiple(of: heads), "heads", heads, "a divisor of hidden, which is \(hidden)")
  }
}

extension VisionTransformerConfiguration {
  /// Reads a configuration and checks it; `intermediate` may be absent.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      image: try container.decode(Int.self, forKey: .image),
      patch: try container.decode(Int.self, forKey: .patch),
      hidden: try container.decode(Int.self, forKey: .hidden),
      heads: try container.decode(Int.self, forKey: .heads),
      layers: try container.decode(Int.self, forKey: .layers),
      intermediate: try container.decodeIfPresent(Int.self, forKey: .intermediate))
    try validate()
  }
}
