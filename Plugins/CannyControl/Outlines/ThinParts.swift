import ARPG

/// The parts of a scene that are nowhere wider than a stroke: rays, feelers, strings.
struct ThinParts {
  private let numbers: [UInt8]
  private let width, height: Int
  /// Whether each pixel belongs to a thin part.
  private var isThin: [Bool]

  /// - Parameters:
  ///   - numbers: of the parts, 0 being the background.
  ///   - width: of the image.
  ///   - widest: the most pixels across a thin part, at least 1.
  init(_ numbers: [UInt8], width: Int, widest: Int) {
    self.numbers = numbers
    self.width = width
    height = numbers.count / width
    isThin = Self.thin(numbers, width: width, widest: max(1, widest))
  }

  /// Outlines with the middles of thin parts, and their borders marked.
  func added(to outlines: Outlines) -> Outlines {
    var kinds = outlines.kinds
    let middle = Skeleton(isThin, width: width).isMiddle
    for pixel in kinds.indices {
      if !kinds[pixel].isEmpty, isThin[pixel] || bordersThin(pixel) { kinds[pixel].insert(.thinBorder) }
      if middle[pixel] { kinds[pixel].insert(.stroke) }
    }
    return Outlines(width: width, height: height, kinds: kinds)
  }

  /// Whether the line at a pixel, towards its right or lower neighbour, is that of a thin part there.
  private func bordersThin(_ pixel: Int) -> Bool {
    let right = pixel % width + 1 < width && numbers[pixel + 1] != numbers[pixel] && isThin[pixel + 1]
    let below = pixel + width < numbers.count && numbers[pixel + width] != numbers[pixel] && isThin[pixel + width]
    return right || below
  }

  /// A connected piece of a part is thin where no square of one pixel more than the widest fits into it, and where it is
  /// at least twice as long as that.
  private static func thin(_ numbers: [UInt8], width: Int, widest: Int) -> [Bool] {
    var isThin = [Bool](repeating: false, count: numbers.count)
    var wasSeen = isThin
    let squares = largestSquares(numbers, width: width)
    for start in numbers.indices where numbers[start] != 0 && !wasSeen[start] {
      var piece = [start], next = 0
      wasSeen[start] = true
      var columns = (start % width)...(start % width), rows = (start / width)...(start / width)
      while next < piece.count {
        let pixel = piece[next], column = pixel % width, row = pixel / width
        next += 1
        columns = min(columns.lowerBound, column)...max(columns.upperBound, column)
        rows = min(rows.lowerBound, row)...max(rows.upperBound, row)
        for y in max(0, row - 1)...min(numbers.count / width - 1, row + 1) {
          for x in max(0, column - 1)...min(width - 1, column + 1) where !wasSeen[y * width + x] {
            guard numbers[y * width + x] == numbers[start] else { continue }
            wasSeen[y * width + x] = true
            piece.append(y * width + x)
          }
        }
      }
      let isLong = max(columns.count, rows.count) >= 2 * widest
      guard isLong, piece.allSatisfy({ squares[$0] <= widest }) else { continue }
      for pixel in piece { isThin[pixel] = true }
    }
    return isThin
  }

  /// For each pixel the side of the largest square of its part whose lower right corner it is.
  private static func largestSquares(_ numbers: [UInt8], width: Int) -> [Int] {
    var sides = [Int](repeating: 1, count: numbers.count)
    for pixel in numbers.indices where pixel >= width && pixel % width > 0 {
      let around = [pixel - 1, pixel - width, pixel - width - 1]
      if around.allSatisfy({ numbers[$0] == numbers[pixel] }) {
        sides[pixel] = 1 + (around.map { sides[$0] }.min() ?? 0)
      }
    }
    return sides
  }
}
