/// The middle lines of an area, one pixel wide.
///
/// Source: Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", Communications of the ACM 27, 1984.
struct Skeleton {
  /// Whether each pixel is on a middle line.
  private(set) var isMiddle: [Bool]
  private let width: Int

  /// Thins an area to its middle lines.
  init(_ area: [Bool], width: Int) {
    isMiddle = area
    self.width = width
    var pixels = area.indices.filter { area[$0] }
    var isFirst = true, hasChanged = [true, true]
    while hasChanged.contains(true), !pixels.isEmpty {
      let removed = pixels.filter { isRemovable($0, inFirst: isFirst) }
      for pixel in removed { isMiddle[pixel] = false }
      hasChanged[isFirst ? 0 : 1] = !removed.isEmpty
      if !removed.isEmpty { pixels.removeAll { !isMiddle[$0] } }
      isFirst.toggle()
    }
  }

  /// Whether a pixel is at the border of the area and no line breaks without it: one pass takes those at the right and
  /// bottom, the other those at the left and top.
  private func isRemovable(_ pixel: Int, inFirst: Bool) -> Bool {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    func isSet(_ x: Int, _ y: Int) -> Bool {
      let (x, y) = (column + x, row + y)
      return 0..<width ~= x && 0..<isMiddle.count / width ~= y && isMiddle[y * width + x]
    }
    // From above, clockwise.
    let around = [
      isSet(0, -1), isSet(1, -1), isSet(1, 0), isSet(1, 1), isSet(0, 1), isSet(-1, 1), isSet(-1, 0), isSet(-1, -1),
    ]
    let count = around.count { $0 }
    guard 2...6 ~= count else { return false }
    let beginnings = around.indices.count { !around[$0] && around[($0 + 1) % 8] }
    guard beginnings == 1 else { return false }
    let (above, right, below, left) = (around[0], around[2], around[4], around[6])
    return inFirst
      ? !(above && right && below) && !(right && below && left)
      : !(above && right && left) && !(above && below && left)
  }
}
