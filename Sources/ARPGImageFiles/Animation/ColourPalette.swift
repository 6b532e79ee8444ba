import ARPGImages

/// At most 256 colours for an image, by median cut: the box of colours that spreads most pixels widest is halved at the
/// median of its longest side (Heckbert, SIGGRAPH 1982).
struct ColourPalette {
  /// Red, green and blue of each colour.
  let colours: [UInt8]
  /// The colour of each pixel.
  let indices: [UInt8]

  /// Colours that agree in so many leading bits of each channel share a place.
  private static let bits = 6

  /// The pixels of nearly the same colour.
  private struct Cell {
    let place: Int
    var count = 0
    /// The sums of red, green and blue.
    var sums = SIMD3<Int>()
    /// The leading bits of each channel.
    var corner: SIMD3<Int> {
      let mask = 1 << ColourPalette.bits - 1
      return SIMD3(place >> (2 * ColourPalette.bits), place >> ColourPalette.bits & mask, place & mask)
    }
  }

  /// Some cells, in a range of all of them.
  private struct Box {
    let cells: Range<Int>
    let longestSide: Int
    /// How much there is to gain by halving it.
    let weight: Int

    init(_ cells: Range<Int>, of all: [Cell]) {
      var low = SIMD3<Int>(repeating: .max), high = SIMD3<Int>(repeating: .min), pixels = 0
      for cell in all[cells] {
        low.replace(with: cell.corner, where: cell.corner .< low)
        high.replace(with: cell.corner, where: cell.corner .> high)
        pixels += cell.count
      }
      let sides = high &- low
      self.cells = cells
      longestSide = (0..<3).max { sides[$0] < sides[$1] } ?? 0
      weight = sides[longestSide] * sides[longestSide] * pixels
    }
  }

  /// The palette of an image.
  init(of image: Image) {
    let pixels = image.pixels, shift = UInt8(8 - Self.bits)
    let places = (0..<image.width * image.height).map { pixel in
      (0..<3).reduce(0) { $0 << Self.bits | Int(pixels[pixel * 3 + $1] >> shift) }
    }
    var all = (0..<1 << (3 * Self.bits)).map { Cell(place: $0) }
    for (pixel, place) in places.enumerated() {
      all[place].count += 1
      all[place].sums &+= SIMD3(Int(pixels[pixel * 3]), Int(pixels[pixel * 3 + 1]), Int(pixels[pixel * 3 + 2]))
    }
    var cells = all.filter { $0.count > 0 }
    let boxes = Self.boxes(of: &cells)
    var colours: [UInt8] = [], indexOfPlace = [UInt8](repeating: 0, count: all.count)
    for (index, box) in boxes.enumerated() {
      let count = cells[box.cells].reduce(0) { $0 + $1.count }
      let sums = cells[box.cells].reduce(SIMD3<Int>()) { $0 &+ $1.sums }
      colours += (0..<3).map { UInt8((sums[$0] + count / 2) / count) }
      for cell in cells[box.cells] { indexOfPlace[cell.place] = UInt8(index) }
    }
    self.colours = colours
    indices = places.map { indexOfPlace[$0] }
  }

  /// Sorts cells into at most 256 boxes.
  private static func boxes(of cells: inout [Cell]) -> [Box] {
    var boxes = [Box(cells.indices, of: cells)]
    while boxes.count < 256,
      let index = boxes.indices.max(by: { boxes[$0].weight < boxes[$1].weight }), boxes[index].weight > 0
    {
      let box = boxes[index], range = box.cells
      cells[range].sort { ($0.corner[box.longestSide], $0.place) < ($1.corner[box.longestSide], $1.place) }
      let half = cells[range].reduce(0) { $0 + $1.count } / 2
      var middle = range.lowerBound, pixels = 0
      // Both halves keep a cell.
      repeat {
        pixels += cells[middle].count
        middle += 1
      } while pixels < half && middle < range.upperBound - 1
      boxes[index] = Box(range.lowerBound..<middle, of: cells)
      boxes.append(Box(middle..<range.upperBound, of: cells))
    }
    return boxes
  }
}
