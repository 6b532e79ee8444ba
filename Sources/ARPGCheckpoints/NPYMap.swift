import ARPGFiles

/// A map of measurements in a `.npy` file, such as depth: an array `[H, W]`, `[1, H, W]` or `[H, W, 1]` of floats or integers.
public struct NPYMap: Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  private let file: MappedFile
  private let stored: StoredTensor

  /// Reads what the file says of the array; nil where the file is none, or cannot be opened.
  ///
  /// - Throws: ``NPYError`` where the array is no map.
  public init?(contentsOf path: String) throws {
    guard let file = try? MappedFile(path) else { return nil }
    try self.init(file)
  }

  /// Reads what a file says of the array; nil where the file is none.
  ///
  /// - Throws: ``NPYError`` where the array is no map.
  package init?(_ file: MappedFile) throws {
    guard file.withBytes({ $0.starts(with: NPYHeader.magic) }) else { return nil }
    let path = file.path
    self.file = file
    stored = try file.withBytes { try NPYHeader($0, path: path, types: .numbers).tensor }
    let shape = stored.shape
    let plane =
      shape.count == 3 && shape.first == 1
      ? shape.dropFirst() : shape.count == 3 && shape.last == 1 ? shape.dropLast() : shape[...]
    guard plane.count == 2, plane.allSatisfy({ $0 > 0 }) else {
      throw NPYError(
        path: path, found: "an array of the shape \(shape)",
        expected: "a map: [rows, columns], with or without one channel; save one channel of it")
    }
    (height, width) = (plane[plane.startIndex], plane[plane.startIndex + 1])
  }

  /// The measurements, row by row; some may be infinite or not a number.
  public var values: [Float] { stored.tensor(from: file).values }
}
