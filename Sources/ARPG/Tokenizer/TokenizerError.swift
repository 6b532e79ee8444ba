/// Images or codes that do not fit a tokenizer.
public enum TokenizerError: Error, CustomStringConvertible, Equatable {
  /// Images of a shape that cannot be encoded.
  case imageShape(found: [Int], factor: Int)
  /// A grid without codes.
  case grid(rows: Int, columns: Int)
  /// Another number of codes than the grid has places.
  case codeCount(image: Int, found: Int, rows: Int, columns: Int)
  /// A code that the codebook does not have.
  case codeOutOfRange(image: Int, position: Int, found: Int, codebook: Int)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .imageShape(let found, let factor):
      "images have the shape \(found); expected [batch, 3, height, width] with sides that are multiples of \(factor): "
        + "crop or resize them"
    case .grid(let rows, let columns):
      "a grid of \(rows) x \(columns) codes cannot be decoded; it needs at least one row and one column"
    case .codeCount(let image, let found, let rows, let columns):
      "image \(image) has \(found) codes; expected \(rows) x \(columns) in raster order"
    case .codeOutOfRange(let image, let position, let found, let codebook):
      "image \(image) has the code \(found) at position \(position); expected 0 to \(codebook - 1), "
        + "so the codes come from another tokenizer"
    }
  }
}
