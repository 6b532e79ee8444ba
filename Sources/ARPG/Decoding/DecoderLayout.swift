/// What the rest of a program needs to know of a decoder, whatever its family.
public struct DecoderLayout: Sendable, Hashable {
  /// The order in which codes can be decoded.
  public enum Order: Sendable, Hashable {
    /// Any order, several codes at once.
    case any
    /// Any order, several codes at once, and what is predicted at a position depends on the known codes alone, not on the other
    /// positions asked for: they may be asked for again.
    case independent
    /// From left to right and from top to bottom, one code at a time.
    case raster
  }

  /// Features of a text that a decoder takes in front of the codes.
  public struct Text: Sendable, Hashable {
    /// The width of a feature.
    public var width: Int
    /// The most features of a text.
    public var maxLength: Int

    /// Sizes; see the properties.
    public init(width: Int, maxLength: Int) {
      self.width = width
      self.maxLength = maxLength
    }
  }

  /// The rows of the grid of codes.
  public var rows: Int
  /// The columns of the grid of codes.
  public var columns: Int
  /// The number of different codes.
  public var vocab: Int
  /// The width of prefixes and of condition tokens.
  public var dim: Int
  /// The number of layers where condition tokens can be injected, numbered from 0.
  public var injectableLayers: Int
  /// The number of classes; 0 where it knows none.
  public var classes: Int
  /// The text features that it takes; nil where it takes none.
  public var text: Text?
  /// The order in which codes can be decoded.
  public var order: Order

  /// A layout; see the properties.
  public init(
    rows: Int, columns: Int, vocab: Int, dim: Int, injectableLayers: Int, classes: Int, text: Text? = nil,
    order: Order = .any
  ) {
    self.rows = rows
    self.columns = columns
    self.vocab = vocab
    self.dim = dim
    self.injectableLayers = injectableLayers
    self.classes = classes
    self.text = text
    self.order = order
  }

  /// The number of codes of an image.
  public var tokens: Int { rows * columns }
}
