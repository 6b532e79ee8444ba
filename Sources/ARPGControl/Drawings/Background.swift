import ARPG

/// The tone of a drawing's paper, which may change slowly across it.
struct Background {
  /// The tone of each pixel, 0...255.
  let tones: [Float]

  /// Takes the median of each of 8 x 8 tiles. A tile full of ink takes the common tone, and so does one that differs by so
  /// little that it is no shadow.
  init(of grey: [UInt8], width: Int, height: Int) {
    let (columns, rows) = (min(8, width), min(8, height))
    var tiles: [Float] = []
    for row in 0..<rows {
      for column in 0..<columns {
        var histogram = Histogram(levels: 256)
        for y in row * height / rows..<(row + 1) * height / rows {
          for x in column * width / columns..<(column + 1) * width / columns { histogram.add(Int(grey[y * width + x])) }
        }
        tiles.append(Float(histogram.level(exceeding: 0.5)))
      }
    }
    let common = tiles.sorted()[tiles.count / 2]
    let paper = tiles.map { (3...64).contains(abs($0 - common)) ? $0 : common }
    tones =
      Plane(width: columns, height: rows, values: paper)
      .resized(to: ImageSize(width: width, height: height), filter: .bilinear).values
  }

  /// How much lighter than the background each pixel is.
  func differences(of grey: [UInt8]) -> [Float] { zip(grey, tones).map { Float($0) - $1 } }
}

/// How often each level occurs.
struct Histogram {
  private var counts: [Int]
  private var total = 0

  init(levels: Int) { counts = [Int](repeating: 0, count: levels) }

  init(_ values: some Sequence<Int>, levels: Int) {
    self.init(levels: levels)
    for value in values { add(value) }
  }

  /// A histogram of how large differences between levels are.
  init(magnitudesOf differences: [Float]) {
    self.init(differences.lazy.map { Int(abs($0).rounded()) }, levels: 256)
  }

  mutating func add(_ level: Int) {
    counts[level] += 1
    total += 1
  }

  /// The lowest level that is not below the share given of all.
  func level(exceeding share: Double) -> Int {
    var rest = share * Double(total)
    for (level, count) in counts.enumerated() {
      rest -= Double(count)
      if rest < 0 { return level }
    }
    return counts.count - 1
  }
}
