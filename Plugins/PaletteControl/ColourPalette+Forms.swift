import ARPG
import ARPGTensor

/// A palette as numbers for the encoder, and as an image.
extension ColourPalette {
  /// Red, green and blue of each colour in -1...1, and its share in 0...1: `[8, 4]`. Rows without a colour are 0.
  public var values: Tensor {
    var values = [Float](repeating: 0, count: Self.maxColours * 4)
    for (row, entry) in entries.enumerated() {
      for (column, channel) in entry.colour.channels.enumerated() {
        values[row * 4 + column] = Float(channel) / 127.5 - 1
      }
      values[row * 4 + 3] = Float(entry.share) / Float(Self.units)
    }
    return Tensor(shape: [Self.maxColours, 4], values: values)
  }

  /// The colours as upright bars as wide as their shares, 256 x 64 pixels.
  public var swatches: Image {
    let row = entries.flatMap { entry in Array(repeating: entry.colour.channels, count: entry.share).flatMap { $0 } }
    let height = Self.units / 4
    return Image(width: Self.units, height: height, pixels: Array(repeating: row, count: height).flatMap { $0 })
  }

  /// Reads ``swatches`` back.
  ///
  /// - Throws: ``PaletteError/notSwatches(_:)`` where another image is given.
  public init(swatches image: Image) throws(PaletteError) {
    guard image.width == Self.units else { throw .notSwatches("\(image.width) columns, not \(Self.units)") }
    var weighted: [(colour: RGBColour, weight: Double)] = []
    for column in 0..<image.width {
      let start = column * 3
      let colour = RGBColour(
        red: image.pixels[start], green: image.pixels[start + 1], blue: image.pixels[start + 2])
      if weighted.last?.colour == colour {
        weighted[weighted.count - 1].weight += 1
      } else {
        weighted.append((colour, 1))
      }
      guard weighted.count <= Self.maxColours else { throw .notSwatches("more than \(Self.maxColours) bars") }
    }
    self.init(weighted)
  }

  /// The control of the palette, which says the same at every place of an image.
  var control: PreparedControl {
    PreparedControl(values: values, image: swatches, detail: Plane(width: 1, height: 1, values: [0]))
  }

  /// Reads ``values`` back; nil where they are those of no palette.
  init?(values: Tensor) {
    guard values.shape == [Self.maxColours, 4] else { return nil }
    let values = values.values
    let weighted = stride(from: 0, to: values.count, by: 4).compactMap {
      row -> (colour: RGBColour, weight: Double)? in
      guard values[row + 3] > 0, values[row + 3].isFinite else { return nil }
      let channels = values[row..<row + 3].map { UInt8(max(0, min(($0 + 1) * 127.5, 255)).rounded()) }
      let colour = RGBColour(red: channels[0], green: channels[1], blue: channels[2])
      return (colour, Double(values[row + 3]))
    }
    guard !weighted.isEmpty else { return nil }
    self.init(weighted)
  }
}
