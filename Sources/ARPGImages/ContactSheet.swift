/// Several images in one, row by row, with a margin around each.
public struct ContactSheet: Sendable {
  /// The number of images in a row; nil chooses the squarest grid.
  public let columns: Int?
  /// The pixels between images and around them.
  public let margin: Int
  /// The grey of the margin.
  public let background: UInt8

  /// A sheet; see the properties.
  public init(columns: Int? = nil, margin: Int = 4, background: UInt8 = 255) {
    precondition(columns ?? 1 > 0 && margin >= 0, "a sheet of \(columns ?? 0) columns and margin \(margin) cannot be")
    self.columns = columns
    self.margin = margin
    self.background = background
  }

  /// The sheet of the images, each in the middle of a cell that fits the largest. Traps where there are none.
  public func image(of images: [Image]) -> Image {
    precondition(!images.isEmpty, "a sheet needs an image")
    let columns = min(self.columns ?? Int(Double(images.count).squareRoot().rounded(.up)), images.count)
    let rows = (images.count + columns - 1) / columns
    let cellWidth = images.map(\.width).max() ?? 1
    let cellHeight = images.map(\.height).max() ?? 1
    let width = columns * (cellWidth + margin) + margin
    let height = rows * (cellHeight + margin) + margin
    var canvas = Canvas(width: width, height: height, grey: background)
    for (index, image) in images.enumerated() {
      let left = margin + index % columns * (cellWidth + margin) + (cellWidth - image.width) / 2
      let top = margin + index / columns * (cellHeight + margin) + (cellHeight - image.height) / 2
      canvas.place(image, left: left, top: top)
    }
    return canvas.image
  }
}
