import ARPG

/// What an image of lines can be made of.
public enum LineInput: Sendable, CaseIterable {
  /// A photograph or a rendering: its lines are still to be found.
  case photo
  /// An edge map or a sketch, in either polarity: lines already.
  case lines

  /// What an option says: `auto` is nil, `photo` a photograph, and any other word lines.
  public init?(choice: String) {
    switch choice {
    case "auto": return nil
    case "photo": self = .photo
    default: self = .lines
    }
  }

  /// Decides by the image's own statistics. A drawing has only black and white, or thin lines, all darker or all lighter
  /// than an even background, and little colour.
  public init(of image: Image) {
    let longest = max(image.width, image.height)
    let small =
      longest <= Self.side
      ? image
      : image.resized(
        to: ImageSize(
          width: max(1, image.width * Self.side / longest), height: max(1, image.height * Self.side / longest)),
        filter: .area)
    let grey = small.greyValues
    let extremes = grey.count { $0 <= 24 || $0 >= 231 }
    let lines = Lines(grey: grey, width: small.width, height: small.height)
    let isDrawing =
      Double(extremes) >= 0.97 * Double(grey.count)
      || lines.background >= 0.5 && lines.oneSided >= 0.95 && lines.between <= 1.4 && lines.solid <= 0.15
        && Self.colourfulness(of: small) <= 15
    self = isDrawing ? .lines : .photo
  }

  /// The statistics are those of an image of at most this size.
  private static let side = 512

  /// How far, on average, a pixel's colour is from the most common one: the larger of R - G and B - G, in levels.
  private static func colourfulness(of image: Image) -> Double {
    let pixels = image.pixels
    let red = stride(from: 0, to: pixels.count, by: 3).map { Int(pixels[$0]) - Int(pixels[$0 + 1]) }
    let blue = stride(from: 0, to: pixels.count, by: 3).map { Int(pixels[$0 + 2]) - Int(pixels[$0 + 1]) }
    func median(_ values: [Int]) -> Int {
      Histogram(values.map { $0 + 255 }, levels: 511).level(exceeding: 0.5) - 255
    }
    let (commonRed, commonBlue) = (median(red), median(blue))
    let sum = zip(red, blue).reduce(0) { $0 + max(abs($1.0 - commonRed), abs($1.1 - commonBlue)) }
    return Double(sum) / Double(red.count)
  }
}

/// What the statistics of a drawing are taken of.
private struct Lines {
  /// The share of pixels near the background.
  let background: Double
  /// The share of clearly different pixels that are on the more common side of the background.
  let oneSided: Double
  /// Pixels that are neither near the background nor clearly different, for each one that is.
  let between: Double
  /// The share of clearly different pixels deep inside a solid area.
  let solid: Double

  init(grey: [UInt8], width: Int, height: Int) {
    let differences = Background(of: grey, width: width, height: height).differences(of: grey)
    let contrast = max(Histogram(magnitudesOf: differences).level(exceeding: 0.9995), 1)
    let (near, far) = (max(12, 0.15 * Float(contrast)), 0.4 * Float(contrast))
    let marks = differences.map { abs($0) > far }
    let lighter = Double(differences.count { $0 > far })
    let different = Double(marks.count { $0 })
    let close = Double(differences.count { abs($0) < near })
    background = close / Double(grey.count)
    oneSided = max(lighter, different - lighter) / max(different, 1)
    between = (Double(grey.count) - close - different) / max(different, 1)
    let radius = max(2, (min(width, height) + 20) / 40)
    solid = Double(Self.surrounded(marks, width: width, height: height, radius: radius)) / max(different, 1)
  }

  /// The number of marks whose whole neighbourhood, a square of `2 * radius + 1`, is marked.
  private static func surrounded(_ marks: [Bool], width: Int, height: Int, radius: Int) -> Int {
    let side = 2 * radius + 1
    guard width >= side, height >= side else { return 0 }
    var sums = [Int32](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row: Int32 = 0
      for x in 0..<width {
        row += marks[y * width + x] ? 1 : 0
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
      }
    }
    var count = 0
    for y in 0...height - side {
      let (top, bottom) = (y * (width + 1), (y + side) * (width + 1))
      for x in 0...width - side
      where sums[bottom + x + side] - sums[bottom + x] - sums[top + x + side] + sums[top + x] == side * side {
        count += 1
      }
    }
    return count
  }
}
