import ARPG

/// The sizes of a ``CausalTransformer`` that decodes images (LlamaGen, arXiv 2406.06525, table 1).
public struct CausalSizes: Sendable, Hashable {
  /// The width of a token.
  public var dim: Int
  /// The number of layers.
  public var layers: Int
  /// The number of attention heads; as many for keys and values.
  public var heads: Int
  /// The inner width of the feed-forward layers.
  public var hidden: Int
  /// The number of codes.
  public var vocab: Int
  /// The number of classes; 0 where it is not conditioned on classes.
  public var classes: Int
  /// The number of codes of an image; a square.
  public var tokens: Int
  /// The base of the rotary frequencies.
  public var ropeBase: Float
  /// What RMSNorm adds to the mean square.
  public var normEps: Float

  /// Sizes; `hidden` is that of the published ones where it is not given: 8/3 of the width, rounded up to a multiple of 256.
  public init(
    dim: Int, layers: Int, heads: Int, hidden: Int? = nil, vocab: Int, classes: Int, tokens: Int,
    ropeBase: Float = 10_000, normEps: Float = 1e-5
  ) {
    self.dim = dim
    self.layers = layers
    self.heads = heads
    self.hidden = hidden ?? SwiGLU.publishedInner(dim)
    self.vocab = vocab
    self.classes = classes
    self.tokens = tokens
    self.ropeBase = ropeBase
    self.normEps = normEps
  }

  /// The width of an attention head.
  public var headDim: Int { dim / heads }
  /// The side of the square grid of codes.
  public var grid: Int { Int(Double(tokens).squareRoot().rounded()) }
  /// The sizes in a few words.
  public var summary: String { "\(layers) layers, width \(dim), \(heads) heads" }

  /// The rotary table of a grid, for weights of this one.
  ///
  /// - Parameters:
  ///   - rows: of the grid.
  ///   - columns: of the grid.
  ///   - fastRates: how many of the fastest rates of each axis keep their pace on a larger grid.
  public func rotary(rows: Int, columns: Int, fastRates: Int = 2) -> RotaryTable {
    RotaryTable(
      rows: rows, columns: columns, headDim: headDim, base: ropeBase, trained: (grid, grid), fastRates: fastRates)
  }

  /// What the rest of the program needs to know.
  ///
  /// - Parameters:
  ///   - order: in which codes can be decoded.
  ///   - text: the text features that the decoder takes; nil for none.
  public func layout(order: DecoderLayout.Order, text: DecoderLayout.Text? = nil) -> DecoderLayout {
    DecoderLayout(
      rows: grid, columns: grid, vocab: vocab, dim: dim, injectableLayers: layers, classes: classes, text: text,
      order: order)
  }

  /// Checks every field.
  ///
  /// - Parameter minClasses: how many classes there must be at least.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError/invalid(field:found:expected:)``.
  public func validate(minClasses: Int = 1) throws(ConfigurationError) {
    for (field, value, limits) in [
      ("dim", dim, 1...1 << 16), ("layers", layers, 1...1 << 10), ("heads", heads, 1...1 << 10),
      ("hidden", hidden, 1...1 << 20), ("vocab", vocab, 1...1 << 24), ("classes", classes, minClasses...1 << 24),
      ("tokens", tokens, 1...1 << 16),
    ] {
      try ConfigurationError.require(
        limits ~= value, field, value, "\(limits.lowerBound) to \(limits.upperBound)")
    }
    try ConfigurationError.require(
      dim.isMultiple(of: heads), "heads", heads, "a divisor of dim, which is \(dim)")
    try ConfigurationError.require(
      headDim.isMultiple(of: 4), "heads", heads, "dim / heads to be a multiple of 4, not \(dim) / \(heads) = \(headDim)"
    )
    try ConfigurationError.require(grid * grid == tokens, "tokens", tokens, "a square number")
    try ConfigurationError.require(ropeBase > 1 && ropeBase.isFinite, "rope_base", ropeBase, "a number above 1")
    try ConfigurationError.require(normEps > 0 && normEps < 1, "norm_eps", normEps, "a number between 0 and 1")
  }
}

extension CausalSizes: Codable {
  private enum CodingKeys: String, CodingKey {
    case dim, layers, heads, hidden, vocab, classes, tokens
    case ropeBase = "rope_base"
    case normEps = "norm_eps"
  }

  /// Reads sizes; `hidden`, `classes`, `rope_base` and `norm_eps` may be absent.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      dim: try container.decode(Int.self, forKey: .dim),
      layers: try container.decode(Int.self, forKey: .layers),
      heads: try container.decode(Int.self, forKey: .heads),
      hidden: try container.decodeIfPresent(Int.self, forKey: .hidden),
      vocab: try container.decode(Int.self, forKey: .vocab),
      classes: try container.decodeIfPresent(Int.self, forKey: .classes) ?? 0,
      tokens: try container.decode(Int.self, forKey: .tokens),
      ropeBase: try container.decodeIfPresent(Float.self, forKey: .ropeBase) ?? 10_000,
      normEps: try container.decodeIfPresent(Float.self, forKey: .normEps) ?? 1e-5)
  }
}
