import ARPG

extension ColourPalette {
  /// The dominant colours of an image: its pixels in up to eight clusters by k-means in OKLab, those of a hundredth of the image or
  /// less left out. Depends on how often each colour occurs, and on nothing else.
  public init(of image: Image) {
    let cells = ColourCell.cells(of: image)
    var centres = Self.farthest(of: cells)
    var clusters: [[ColourCell]] = []
    for _ in 0..<8 {
      clusters = Self.clusters(of: cells, around: centres)
      let moved = clusters.map { $0.mean { $0.place } }
      guard moved != centres else { break }
      centres = moved
    }
    let largest = clusters.map(\.count).max() ?? 1
    let all = image.width * image.height
    let shown = clusters.map { (colour: $0.mean { $0.colour }, count: $0.pixels) }
      .filter { 100 * $0.count > all || $0.count == largest }
    self.init(shown.map { (RGBColour(rounding: $0.colour), Double($0.count)) })
  }

  /// Where clusters begin: at the colour that is most common, then each time at the one that most pixels have farthest from those
  /// before, until all are near.
  private static func farthest(of cells: [ColourCell]) -> [SIMD3<Double>] {
    var centres: [SIMD3<Double>] = []
    var distances = Array(repeating: Double.infinity, count: cells.count)
    while centres.count < maxColours {
      let weights = zip(cells, distances).map { cell, distance in
        Double(cell.pixels) * (distance.isFinite ? distance > least ? distance : 0 : 1)
      }
      guard let next = weights.indices.max(by: { weights[$0] < weights[$1] }), weights[next] > 0 else { break }
      centres.append(cells[next].place)
      for index in cells.indices {
        distances[index] = min(distances[index], OKLab.squaredDistance(cells[index].place, cells[next].place))
      }
    }
    return centres
  }

  /// The square of the distance from which on a colour is another one.
  private static let least = 0.08 * 0.08

  /// The cells that are nearest to each centre; those of none left out.
  private static func clusters(of cells: [ColourCell], around centres: [SIMD3<Double>]) -> [[ColourCell]] {
    var clusters = Array(repeating: [ColourCell](), count: centres.count)
    for cell in cells {
      let distances = centres.map { OKLab.squaredDistance(cell.place, $0) }
      if let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }) { clusters[nearest].append(cell) }
    }
    return clusters.filter { !$0.isEmpty }
  }
}

/// The pixels of nearly one colour: those that agree in the five highest bits of each channel.
private struct ColourCell {
  /// How many they are.
  let pixels: Int
  /// Their mean, each channel 0...255.
  let colour: SIMD3<Double>
  /// The mean's place in OKLab.
  let place: SIMD3<Double>

  /// The cells of an image that have pixels, in the order of their colours.
  static func cells(of image: Image) -> [ColourCell] {
    var counts = [Int](repeating: 0, count: 1 << 15), sums = [SIMD3<Int>](repeating: .zero, count: 1 << 15)
    for start in stride(from: 0, to: image.pixels.count, by: 3) {
      let channels = SIMD3(Int(image.pixels[start]), Int(image.pixels[start + 1]), Int(image.pixels[start + 2]))
      let cell = (channels.x >> 3) << 10 | (channels.y >> 3) << 5 | channels.z >> 3
      counts[cell] += 1
      sums[cell] &+= channels
    }
    return counts.indices.filter { counts[$0] > 0 }.map { cell in
      let colour = SIMD3<Double>(sums[cell]) / Double(counts[cell])
      return ColourCell(pixels: counts[cell], colour: colour, place: OKLab.place(of: colour))
    }
  }
}

extension [ColourCell] {
  fileprivate var pixels: Int { reduce(0) { $0 + $1.pixels } }

  /// The mean of something over all pixels.
  fileprivate func mean(_ value: (ColourCell) -> SIMD3<Double>) -> SIMD3<Double> {
    reduce(SIMD3<Double>.zero) { $0 + value($1) * Double($1.pixels) } / Double(pixels)
  }
}

extension RGBColour {
  fileprivate init(rounding channels: SIMD3<Double>) {
    let levels = channels.rounded(.toNearestOrAwayFromZero)
    self.init(red: UInt8(levels.x), green: UInt8(levels.y), blue: UInt8(levels.z))
  }
}
