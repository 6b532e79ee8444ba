import ARPGImages

/// The colours that stand for labels in a map of segments.
public struct SegmentationPalette: Sendable, Equatable {
  /// The colours; the index of a colour is its label.
  public let colours: [RGBColour]

  /// A palette of 1 to 2¹⁶ colours. Traps for other numbers.
  public init(_ colours: [RGBColour]) {
    precondition(1...1 << 16 ~= colours.count, "a palette of \(colours.count) colours cannot be")
    self.colours = colours
  }

  /// Black, which stands for what has no label, and ADE20K's 150 colours.
  public static let ade20k = SegmentationPalette(
    ([0] + ade20kColours).map { number in
      RGBColour(
        red: UInt8(truncatingIfNeeded: number >> 16), green: UInt8(truncatingIfNeeded: number >> 8),
        blue: UInt8(truncatingIfNeeded: number))
    })

  /// The 256 colours of PASCAL VOC's maps, black being label 0: the bits of a label are dealt out to red, green and blue, the lowest
  /// bits to the highest ones of a channel, so that labels near each other have colours far apart (VOC2012 development kit,
  /// `VOClabelcolormap`).
  public static let voc = SegmentationPalette(
    (0..<256).map { label in
      func channel(_ first: Int) -> UInt8 {
        (0..<3).reduce(0) { $0 | UInt8(label >> (3 * $1 + first) & 1) << UInt8(7 - $1) }
      }
      return RGBColour(red: channel(0), green: channel(1), blue: channel(2))
    })

  /// The label of the colour that is nearest in RGB; the lowest of several.
  public func label(nearestTo colour: RGBColour) -> Int {
    var best = (label: 0, distance: Int.max)
    for label in colours.indices {
      let distance = squaredDistance(of: colour, to: label)
      if distance < best.distance { best = (label, distance) }
    }
    return best.label
  }

  /// The sum of the squared differences of the channels between a colour and that of a label.
  func squaredDistance(of colour: RGBColour, to label: Int) -> Int {
    let own = colours[label]
    let red = Int(colour.red) - Int(own.red), green = Int(colour.green) - Int(own.green)
    let blue = Int(colour.blue) - Int(own.blue)
    return red * red + green * green + blue * blue
  }
}
