/// A size in pixels.
public struct ImageSize: Sendable, Equatable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int

  /// A size of both sides.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
