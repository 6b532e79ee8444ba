/// Positions of the images of a batch, as many in every image: the same ones in all of them, or some of its own in each.
public struct DecodingPositions: Sendable, Hashable {
  /// One row for all images, or one for each.
  private let rows: [[Int]]

  private init(rows: [[Int]]) {
    precondition(rows.allSatisfy { $0.count == rows[0].count }, "images have as many positions each")
    self.rows = rows
  }

  /// The same positions in all images.
  public static func shared(_ positions: [Int]) -> DecodingPositions { DecodingPositions(rows: [positions]) }

  /// For each image its positions; images whose positions are the same share them. Traps where there is no image, or one has
  /// more positions than another.
  public static func ofEach(_ images: [[Int]]) -> DecodingPositions {
    precondition(!images.isEmpty, "there are positions of no image")
    return DecodingPositions(rows: images.allSatisfy { $0 == images[0] } ? [images[0]] : images)
  }

  /// How many there are in each image.
  public var count: Int { rows[0].count }
  /// Whether all images share them.
  public var isShared: Bool { rows.count == 1 }
  /// Those of an image, by its place in the batch.
  public subscript(image: Int) -> [Int] { rows[isShared ? 0 : image] }

  /// What a function makes of the positions of each image.
  public func map(_ transform: ([Int]) -> [Int]) -> DecodingPositions { DecodingPositions(rows: rows.map(transform)) }

  /// The rows of a rotary table that belong to the positions, where row 0 is that of a prefix; see
  /// ``/ARPGTensor/RotaryTable``.
  public var rotaryRows: DecodingPositions { map { $0.map { $0 + 1 } } }

  /// These, and others behind them in each image.
  public func joined(with other: DecodingPositions) -> DecodingPositions {
    precondition(isShared || other.isShared || rows.count == other.rows.count, "batches differ")
    return DecodingPositions(rows: (0..<max(rows.count, other.rows.count)).map { self[$0] + other[$0] })
  }
}

extension DecodingStart {
  /// Numbers for all rows of the batch, as ``/ARPGTensor/RotaryTable/rotate(_:at:)`` takes them: those that all images share stand
  /// once, others for each image of each copy.
  public func repeated(_ positions: DecodingPositions) -> [Int] {
    positions.isShared ? positions[0] : repeated((0..<images).map { positions[$0] })
  }
}
