import ARPG

/// The dark border that scans and letterboxed frames have around them: whole rows and columns of one dark level, while what is
/// inside is bright. Its inner edge is no line of a drawing.
struct DarkFrame {
  private let rows, columns: Range<Int>
  private let height, fullWidth: Int

  /// Finds the border; empty where the image is dark itself, as edge maps are, or has none.
  init(of image: Image) {
    let grey = image.greyValues, width = image.width, height = image.height
    func isDark(_ indices: some Sequence<Int>, _ count: Int) -> Bool {
      var dark = 0
      for index in indices where grey[index] <= 24 { dark += 1 }
      return dark == count
    }
    func row(_ y: Int) -> Bool { isDark(y * width..<(y + 1) * width, width) }
    func column(_ x: Int) -> Bool { isDark(stride(from: x, to: width * height, by: width), height) }
    var top = 0, bottom = height, left = 0, right = width
    while top < height, row(top) { top += 1 }
    while bottom > top, row(bottom - 1) { bottom -= 1 }
    while left < width, column(left) { left += 1 }
    while right > left, column(right - 1) { right -= 1 }
    let inner = (bottom - top) * (right - left)
    var bright = 0
    for y in top..<max(top, bottom) {
      for x in left..<max(left, right) where grey[y * width + x] > 128 { bright += 1 }
    }
    // Lines on black fill little of what is inside them; a photograph or a sheet of paper fills most of it.
    let isFrame = inner > 0 && inner >= width * height / 4 && 2 * bright > inner
    (rows, columns) = isFrame ? (top..<bottom, left..<right) : (0..<height, 0..<width)
    (self.height, fullWidth) = (height, width)
  }

  /// Whether there is no border.
  var isEmpty: Bool { width == 0 }

  /// The pixels of its widest side.
  var width: Int {
    max(rows.lowerBound, height - rows.upperBound, columns.lowerBound, fullWidth - columns.upperBound)
  }

  /// What is inside, without the row and column next to the border, which mix with it.
  func inside(of image: Image) -> Image {
    let (rows, columns) = inset
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rows.count * columns.count * 3)
    for y in rows {
      let start = (y * image.width + columns.lowerBound) * 3
      pixels.append(contentsOf: image.pixels[start..<start + columns.count * 3])
    }
    return Image(width: columns.count, height: rows.count, pixels: pixels)
  }

  /// 1 inside, 0 on the border, of the size of the image.
  func inner(of image: Image) -> Plane {
    let (rows, columns) = inset
    return surrounding(
      Plane(
        width: columns.count, height: rows.count, values: Array(repeating: 1, count: rows.count * columns.count)),
      in: image)
  }

  /// A plane of what is inside, with zeros on the border.
  func surrounding(_ plane: Plane, in image: Image) -> Plane {
    let (rows, columns) = inset
    var values = [Float](repeating: 0, count: image.width * image.height)
    for (index, y) in rows.enumerated() {
      let start = y * image.width + columns.lowerBound
      values.replaceSubrange(
        start..<start + columns.count, with: plane.values[index * columns.count..<(index + 1) * columns.count])
    }
    return Plane(width: image.width, height: image.height, values: values)
  }

  private var inset: (rows: Range<Int>, columns: Range<Int>) {
    func inner(_ range: Range<Int>, _ length: Int) -> Range<Int> {
      let first = range.lowerBound + (range.lowerBound > 0 ? 2 : 0)
      return first..<max(first + 1, range.upperBound - (range.upperBound < length ? 2 : 0))
    }
    return (inner(rows, height), inner(columns, fullWidth))
  }
}
