import ARPG
import ArgumentParser

/// `NAME` or `FILE.npy`: an order as it stands on the command line.
enum OrderArgument: Equatable {
  case named(DecodingOrder)
  /// Positions in a file, see ``/ARPG/DecodingOrder/init(contentsOf:for:)``.
  case file(String)

  /// The lines of help that explain `--order`.
  static let help = """
    ORDERS
      random      by the seed (default)
      raster      row by row
      spiral      from the centre, clockwise
      center      by the distance from the centre
      edges       first where the controls say most
      confidence  each step keeps the surest codes; takes many times as long
      FILE.npy    integers [tokens] or [rows, columns]: the k-th number is the
                  position, counted row by row from 0, that is decoded k-th
    """

  /// Reads the text.
  ///
  /// - Throws: `ValidationError` where it is neither a name nor that of a `.npy` file.
  init(parsing argument: String) throws {
    if let order = DecodingOrder(named: argument) {
      self = .named(order)
    } else if argument.lowercased().hasSuffix(".npy") {
      self = .file(argument)
    } else {
      throw ValidationError(
        "--order is '\(argument)'; it takes \(DecodingOrder.names.joined(separator: ", ")), or a .npy file of positions"
      )
    }
  }

  /// The file's path; nil for a name.
  var path: String? {
    if case .file(let path) = self { path } else { nil }
  }
}
