/// The sizes of a decoder.
public struct DecoderConfiguration: Sendable, Equatable, Codable {
  /// The width.
  public var dim: Int
  /// The layers of both passes together; half of them each.
  public var layers: Int
  /// The attention heads.
  public var heads: Int
  /// The width of the feed-forward layers.
  public var hidden: Int
  /// The number of codes.
  public var vocab: Int
  /// The number of classes.
  public var classes: Int
  /// The number of positions, a square grid.
  public var tokens: Int
  /// The base of the rotary rates.
  public var ropeBase: Float
  /// What RMSNorm adds to the mean square.
  public var normEps: Float

  enum CodingKeys: String, CodingKey {
    case dim, layers, heads, hidden, vocab, classes, tokens
    case ropeBase = "rope_base"
    case normEps = "norm_eps"
  }

  /// Sizes; see the properties.
  public init(
    dim: Int, layers: Int, heads: Int, hidden: Int, vocab: Int = 16384, classes: Int = 1000, tokens: Int = 256,
    ropeBase: Float = 10000, normEps: Float = 1e-5
  ) {
    self.dim = dim
    self.layers = layers
    self.heads = heads
    self.hidden = hidden
    self.vocab = vocab
    self.classes = classes
    self.tokens = tokens
    self.ropeBase = ropeBase
    self.normEps = normEps
  }

  /// The width of a head.
  public var headDim: Int { dim / heads }
  /// The side of the grid of positions.
  public var grid: Int { Int(Double(tokens).squareRoot().rounded()) }
  /// The row of the embedding table from which every query starts.
  public var maskRow: Int { vocab }
  /// The row of a class.
  public func classRow(_ index: Int) -> Int { vocab + 1 + index }
  /// The row that stands for no class, for classifier-free guidance.
  public var nullClassRow: Int { vocab + classes + 1 }
  /// The rows of the embedding table: codes, mask, classes, null class, and one that is unused.
  public var embeddingRows: Int { vocab + classes + 3 }
}
