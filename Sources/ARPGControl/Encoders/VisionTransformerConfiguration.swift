import ARPG

/// The sizes of a vision transformer (arXiv 2010.11929, table 1).
public struct VisionTransformerConfiguration: VisionEncoderSizes {
  /// The side in pixels of the square images that the position embeddings were learnt for.
  public var image: Int
  /// The side in pixels of a patch.
  public var patch: Int
  /// The width of a token: `hidden` in settings, as in published ones.
  public var dim: Int
  /// The number of attention heads.
  public var heads: Int
  /// The number of layers.
  public var layers: Int
  /// The inner width of the feed-forward layers: `intermediate` in settings, as in published ones.
  public var hidden: Int

  /// A configuration; `hidden` is four times `dim` where it is not given.
  public init(image: Int, patch: Int, dim: Int, heads: Int, layers: Int, hidden: Int? = nil) {
    self.image = image
    self.patch = patch
    self.dim = dim
    self.heads = heads
    self.layers = layers
    self.hidden = hidden ?? (dim < 1 << 32 ? 4 * dim : dim)
  }

  /// The width of a token: ``dim``.
  public var width: Int { dim }

  /// The side of the grid that the position embeddings were learnt for.
  public var grid: Int { image / patch }

  /// Whether convolutions that halve the sides lead to patches: their side is a power of two from 2 on.
  var isPatchHalved: Bool { patch > 1 && patch.nonzeroBitCount == 1 }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  public func validate() throws(ConfigurationError) {
    for (field, value, limit) in [
      ("image", image, 1 << 14), ("patch", patch, 1 << 8), ("hidden", dim, 1 << 14), ("heads", heads, 1 << 10),
      ("layers", layers, 1 << 10), ("intermediate", hidden, 1 << 18),
    ] {
      try ConfigurationError.require(1...limit ~= value, field, value, "1 to \(limit)")
    }
    try ConfigurationError.require(
      image.isMultiple(of: patch), "patch", patch, "a divisor of image, which is \(image)")
    try ConfigurationError.require(grid <= 1 << 8, "patch", patch, "at least \(image >> 8), so that tokens are few")
    try ConfigurationError.require(
      dim.isMultiple(of: heads), "heads", heads, "a divisor of hidden, which is \(dim)")
  }
}

extension VisionTransformerConfiguration {
  private enum CodingKeys: String, CodingKey {
    case image, patch, heads, layers
    case dim = "hidden"
    case hidden = "intermediate"
  }

  /// Reads a configuration and checks it; `intermediate` may be absent.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      image: try container.decode(Int.self, forKey: .image),
      patch: try container.decode(Int.self, forKey: .patch),
      dim: try container.decode(Int.self, forKey: .dim),
      heads: try container.decode(Int.self, forKey: .heads),
      layers: try container.decode(Int.self, forKey: .layers),
      hidden: try container.decodeIfPresent(Int.self, forKey: .hidden))
    try validate()
  }
}
