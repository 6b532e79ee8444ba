extension DecodingOrder {
  /// The raster positions of a grid in this order; by confidence, which is not known before, those of the random order.
  ///
  /// - Parameters:
  ///   - random: the random order of all positions.
  ///   - detail: how much is said at each raster position; only for an order by edges.
  package func positions(rows: Int, columns: Int, random: [Int], detail: [Float] = []) -> [Int] {
    switch self {
    case .random, .confidence: random
    case .raster: Array(0..<rows * columns)
    case .spiral: (0..<rows * columns).sorted { Self.place($0, rows, columns) < Self.place($1, rows, columns) }
    case .center: Self.sorted(random) { Self.distance($0, rows, columns) }
    case .edges: Self.sorted(random) { -detail[$0] }
    case .given(let positions): positions
    }
  }

  /// Positions by a key, those of equal keys as they are.
  private static func sorted<Key: Comparable>(_ positions: [Int], by key: (Int) -> Key) -> [Int] {
    positions.enumerated().map { (key: key($1), offset: $0, position: $1) }
      .sorted { ($0.key, $0.offset) < ($1.key, $1.offset) }.map(\.position)
  }

  /// The square of twice the distance of a position's cell from the middle of the grid.
  private static func distance(_ position: Int, _ rows: Int, _ columns: Int) -> Int {
    let y = 2 * (position / columns) - (rows - 1), x = 2 * (position % columns) - (columns - 1)
    return y * y + x * x
  }

  /// The ring around the centre in which a position lies, and its place there, clockwise from below the upper right corner. Of a
  /// centre between cells, the upper left one is taken: in a grid of 3 x 3 the order is 4, 5, 8, 7, 6, 3, 0, 1, 2.
  private static func place(_ position: Int, _ rows: Int, _ columns: Int) -> (ring: Int, place: Int) {
    let y = position / columns - (rows - 1) / 2, x = position % columns - (columns - 1) / 2
    let ring = max(abs(y), abs(x))
    let place =
      x == ring && y > -ring
      ? y + ring : y == ring ? 3 * ring - x : x == -ring ? 5 * ring - y : 7 * ring + x
    return (ring, place)
  }
}

extension [ActiveControl] {
  /// How much controls say at each raster position of an image: the sum over those that act and tell of it, each of them
  /// relative to its own largest value, times its strength and region; nil where none tells.
  func detail(ofImage image: Int, tokens: Int) -> [Float]? {
    let telling = filter { $0.isOn && $0.detail != nil }
    guard !telling.isEmpty else { return nil }
    var sum = Array<Float>(repeating: 0, count: tokens)
    for control in telling {
      guard let rows = control.detail, let largest = rows[rows.count > 1 ? image : 0].max(), largest > 0 else {
        continue
      }
      for (position, value) in rows[rows.count > 1 ? image : 0].enumerated() {
        sum[position] += abs(control.strength) * (control.region?[position] ?? 1) * value / largest
      }
    }
    return sum
  }
}
