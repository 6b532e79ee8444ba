import ARPG
import ARPGTensor

/// The sizes of a two-pass decoder (arXiv 2503.10568, table 1).
public struct TwoPassConfiguration: ImageDecoderConfiguration {
  /// The width of a token.
  public var dim: Int
  /// The number of layers of both passes together; even, half of them belong to each pass.
  public var layers: Int
  /// The number of attention heads.
  public var heads: Int
  /// The inner width of the feed-forward layers.
  public var hidden: Int
  /// The number of codes.
  public var vocab: Int
  /// The number of classes.
  public var classes: Int
  /// The number of codes of an image; a square.
  public var tokens: Int
  /// The base of the rotary frequencies.
  public var ropeBase: Float
  /// What RMSNorm adds to the mean square.
  public var normEps: Float

  /// A configuration; `hidden` is that of the published sizes where it is not given.
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

  /// What the rest of the program needs to know: condition tokens go into the second pass, whose queries never see each other.
  public var layout: DecoderLayout {
    DecoderLayout(
      rows: grid, columns: grid, vocab: vocab, dim: dim, injectableLayers: layers / 2, classes: classes,
      order: .independent)
  }

  /// The rotary table of a grid, for weights of this one.
  func rotary(rows: Int, columns: Int) -> RotaryTable {
    RotaryTable(rows: rows, columns: columns, headDim: headDim, base: ropeBase, trained: (grid, grid))
  }

  /// The sizes in a few words.
  public var summary: String { "\(layers) layers, width \(dim), \(heads) heads" }

  /// The row of the embeddings that every query starts as.
  public var maskRow: Int { vocab }

  /// The row of the embeddings of a class, `0..<classes`.
  public func classRow(_ index: Int) -> Int { vocab + 1 + index }

  /// The row of the embeddings that stands for no class.
  public var nullClassRow: Int { vocab + classes + 1 }

  /// The number of rows of the embeddings; the last is unused.
  public var embeddingRows: Int { vocab + classes + 3 }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError/invalid(field:found:expected:)``.
  public func validate() throws(ConfigurationError) {
    for (field, value, limit) in [
      ("dim", dim, 1 << 16), ("layers", layers, 1 << 10), ("heads", heads, 1 << 10), ("hidden", hidden, 1 << 20),
      ("vocab", vocab, 1 << 24), ("classes", classes, 1 << 24), ("tokens", tokens, 1 << 16),
    ] {
      try ConfigurationError.require(1...limit ~= value, field, value, "1 to \(limit)")
    }
    try ConfigurationError.require(layers.isMultiple(of: 2), "layers", layers, "an even number, half for each pass")
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

extension TwoPassConfiguration {
  enum CodingKeys: String, CodingKey {
    case dim, layers, heads, hidden, vocab, classes, tokens
    case ropeBase = "rope_base"
    case normEps = "norm_eps"
  }

  /// Reads a configuration and checks it; `hidden`, `rope_base` and `norm_eps` may be absent.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      dim: try container.decode(Int.self, forKey: .dim),
      layers: try container.decode(Int.self, forKey: .layers),
      heads: try container.decode(Int.self, forKey: .heads),
      hidden: try container.decodeIfPresent(Int.self, forKey: .hidden),
      vocab: try container.decode(Int.self, forKey: .vocab),
      classes: try container.decode(Int.self, forKey: .classes),
      tokens: try container.decode(Int.self, forKey: .tokens),
      ropeBase: try container.decodeIfPresent(Float.self, forKey: .ropeBase) ?? 10_000,
      normEps: try container.decodeIfPresent(Float.self, forKey: .normEps) ?? 1e-5)
    try validate()
  }
}
