extension Image {
  /// The image with left and right changed; without its deep grey plane.
  public var mirrored: Image {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(self.pixels.count)
    for row in 0..<height {
      for column in (0..<width).reversed() {
        let start = (row * width + column) * 3
        pixels.append(contentsOf: self.pixels[start..<start + 3])
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
