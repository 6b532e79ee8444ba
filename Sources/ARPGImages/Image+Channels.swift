extension Image {
  /// Red, green or blue, the channels 0 to 2, as a plane in 0...1.
  public func plane(ofChannel channel: Int) -> Plane {
    precondition(0..<3 ~= channel, "there is no channel \(channel)")
    return Plane(
      width: width, height: height,
      values: stride(from: channel, to: pixels.count, by: 3).map { Float(pixels[$0]) / 255 })
  }

  /// An image of red, green and blue in 0...1, rounded, and of how opaque it is, where that is given; values beyond are clamped.
  /// Traps where the planes are not of one size.
  public init(red: Plane, green: Plane, blue: Plane, alpha: Plane? = nil) {
    let planes = [red, green, blue] + (alpha.map { [$0] } ?? [])
    precondition(
      planes.allSatisfy { $0.width == red.width && $0.height == red.height }, "the planes are not of one size")
    func levels(_ plane: Plane) -> [UInt8] { plane.values.map { UInt8(($0.clamped(to: 0...1) * 255).rounded()) } }
    var pixels = [UInt8](repeating: 0, count: red.values.count * 3)
    for (channel, plane) in planes.prefix(3).enumerated() {
      for (pixel, level) in levels(plane).enumerated() { pixels[pixel * 3 + channel] = level }
    }
    self.init(width: red.width, height: red.height, pixels: pixels, alpha: alpha.map(levels))
  }
}
