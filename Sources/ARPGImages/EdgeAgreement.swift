/// How well the edges of an image agree with those it was to have.
public struct EdgeAgreement: Sendable, Equatable {
  /// The share of found edge pixels that have a wanted one near them; 1 where none were found.
  public let precision: Double
  /// The share of wanted edge pixels that have a found one near them; 1 where none were wanted.
  public let recall: Double

  /// Compares two edge maps; a pixel other than 0 is an edge. Traps where their sizes differ.
  ///
  /// - Parameters:
  ///   - found: the edges of the image, row by row.
  ///   - wanted: those it was to have.
  ///   - width: the pixels of a row.
  ///   - tolerance: how many rows and columns (the Chebyshev distance) two pixels may be apart and still be near.
  public init(found: [UInt8], wanted: [UInt8], width: Int, tolerance: Int = 0) {
    precondition(found.count == wanted.count && width > 0 && found.count % width == 0, "the edge maps differ in size")
    precondition(tolerance >= 0, "a tolerance of \(tolerance) cannot be")
    precision = Self.share(of: found, near: wanted, width: width, tolerance: tolerance)
    recall = Self.share(of: wanted, near: found, width: width, tolerance: tolerance)
  }

  /// The harmonic mean of precision and recall; 1 where there are no edges in either map.
  public var f1: Double {
    precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  /// How far apart edges may be that agree, where a tolerance is wanted: 1/128 of the longer side, at least a pixel.
  ///
  /// - Parameters:
  ///   - width: the pixels of a row.
  ///   - height: the number of rows.
  public static func tolerance(width: Int, height: Int) -> Int { max(1, (max(width, height) + 64) / 128) }

  private static func share(of edges: [UInt8], near others: [UInt8], width: Int, tolerance: Int) -> Double {
    let height = edges.count / width
    var count = 0, near = 0
    for pixel in edges.indices where edges[pixel] != 0 {
      count += 1
      let row = pixel / width, column = pixel % width
      let columns = max(0, column - tolerance)...min(width - 1, column + tolerance)
      let isNear = (max(0, row - tolerance)...min(height - 1, row + tolerance)).contains { row in
        columns.contains { others[row * width + $0] != 0 }
      }
      if isNear { near += 1 }
    }
    return count == 0 ? 1 : Double(near) / Double(count)
  }
}
