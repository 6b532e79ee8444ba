/// How cells without a code are shown in an image that is being decoded.
public enum UndecidedCells: String, Sendable, CaseIterable {
  /// A grey chequerboard.
  case checker
  /// The mean colour of the decided cells; grey where there is none.
  case mean
}

extension Model {
  /// The images so far of a batch that is being decoded; see ``preview(of:isDecoded:undecided:)``.
  public func previews(of run: SamplingRun, undecided: UndecidedCells = .checker) throws -> [Image] {
    try zip(run.codes, run.isDecoded).map { try preview(of: $0, isDecoded: $1, undecided: undecided) }
  }

  /// The image so far of codes that are being decoded.
  ///
  /// - Parameters:
  ///   - codes: in raster order; anything where a position is not decoded.
  ///   - isDecoded: which positions are decoded.
  ///   - undecided: how the others are shown.
  public func preview(
    of codes: [Int], isDecoded: [Bool], undecided: UndecidedCells = .checker
  ) throws -> Image {
    let image = try image(of: codes)
    let cell = ImageSize(width: image.width / layout.columns, height: image.height / layout.rows)
    func forEachPixel(of position: Int, _ body: (_ x: Int, _ y: Int, _ start: Int) -> Void) {
      let (row, column) = position.quotientAndRemainder(dividingBy: layout.columns)
      for y in row * cell.height..<(row + 1) * cell.height {
        for x in column * cell.width..<(column + 1) * cell.width { body(x, y, (y * image.width + x) * 3) }
      }
    }
    var mean: [UInt8] = [192, 192, 192]
    if undecided == .mean, isDecoded.contains(true) {
      var sums = [0, 0, 0], count = 0
      for position in isDecoded.indices where isDecoded[position] {
        forEachPixel(of: position) { _, _, start in
          for channel in 0..<3 { sums[channel] += Int(image.pixels[start + channel]) }
          count += 1
        }
      }
      mean = sums.map { UInt8(($0 + count / 2) / count) }
    }
    var pixels = image.pixels
    for position in isDecoded.indices where !isDecoded[position] {
      forEachPixel(of: position) { x, y, start in
        let isLight = (2 * y / cell.height + 2 * x / cell.width) % 2 == 0
        for channel in 0..<3 {
          pixels[start + channel] = undecided == .mean ? mean[channel] : isLight ? 208 : 176
        }
      }
    }
    return Image(width: image.width, height: image.height, pixels: pixels)
  }
}
