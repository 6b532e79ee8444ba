import ARPGImages

/// A map of segments: a colour for each pixel, which stands for a label.
public struct SegmentationMap: Sendable {
  /// The colours.
  public let image: Image

  /// Brings a map onto a canvas: each pixel is one of the map's, so that no colours are mixed. What is transparent, or padding,
  /// has no label and is black.
  public init(_ canvas: FittedImage) {
    let source = canvas.source
    guard !canvas.isSourceSize || source.alpha != nil else {
      image = source
      return
    }
    let shown = source.alphaPlane.map { canvas.place($0, filter: .nearest, outside: 0).values }
    let planes = (0..<3).map { channel in
      let placed = canvas.place(source.plane(ofChannel: channel), filter: .nearest, outside: 0)
      guard let shown else { return placed }
      return Plane(
        width: placed.width, height: placed.height, values: zip(placed.values, shown).map { $1 < 0.5 ? 0 : $0 })
    }
    image = Image(red: planes[0], green: planes[1], blue: planes[2])
  }

  /// The label of each pixel, rows from the top: that of the nearest colour of a palette.
  ///
  /// On a smooth border between two segments colours are mixed, and a mixture may be near to a third one. Where a pixel is not exactly
  /// of the palette, and fewer than four pixels of the 3 x 3 around it have its label, it takes the nearest colour among those of the
  /// 5 x 5 around it of which neither is true.
  public func labels(of palette: SegmentationPalette) -> [Int] {
    var labels: [Int] = []
    labels.reserveCapacity(image.width * image.height)
    var isSure: [Bool] = []
    isSure.reserveCapacity(image.width * image.height)
    var last: (colour: RGBColour, label: Int)?
    for pixel in 0..<image.width * image.height {
      let colour = colour(of: pixel)
      if last?.colour != colour { last = (colour, palette.label(nearestTo: colour)) }
      let label = last?.label ?? 0
      labels.append(label)
      isSure.append(palette.colours[label] == colour)
    }
    for pixel in labels.indices where !isSure[pixel] {
      var alike = 0
      forEachNeighbour(of: pixel, within: 1) { alike += labels[$0] == labels[pixel] ? 1 : 0 }
      isSure[pixel] = alike >= 4
    }
    var cleaned = labels
    for pixel in labels.indices where !isSure[pixel] {
      let colour = colour(of: pixel)
      var best = (Int.max, labels[pixel])
      forEachNeighbour(of: pixel, within: 2) { neighbour in
        guard isSure[neighbour] else { return }
        let found = (palette.squaredDistance(of: colour, to: labels[neighbour]), labels[neighbour])
        if found < best { best = found }
      }
      cleaned[pixel] = best.1
    }
    return cleaned
  }

  /// The map in the colours of a palette alone.
  public func image(in palette: SegmentationPalette) -> Image {
    Image(
      width: image.width, height: image.height, pixels: labels(of: palette).flatMap { palette.colours[$0].channels })
  }

  private func colour(of pixel: Int) -> RGBColour {
    RGBColour(red: image.pixels[pixel * 3], green: image.pixels[pixel * 3 + 1], blue: image.pixels[pixel * 3 + 2])
  }

  /// Hands out the pixels of a square around one, itself included; those beyond the border are the nearest ones within.
  private func forEachNeighbour(of pixel: Int, within radius: Int, _ body: (Int) -> Void) {
    let x = pixel % image.width, y = pixel / image.width
    for row in y - radius...y + radius {
      let start = min(max(row, 0), image.height - 1) * image.width
      for column in x - radius...x + radius { body(start + min(max(column, 0), image.width - 1)) }
    }
  }
}
