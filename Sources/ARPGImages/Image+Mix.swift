extension Image {
  /// The image with another mixed in, in linear light (IEC 61966-2-1, sRGB): a weight of 0 keeps a pixel bit for bit, 1 takes the
  /// other's.
  ///
  /// - Parameters:
  ///   - other: of the same size.
  ///   - weights: of the other image, 0 to 1, one for each pixel.
  /// Traps where the sizes differ.
  public func mixed(with other: Image, weights: Plane) -> Image {
    precondition(
      other.width == width && other.height == height && weights.width == width && weights.height == height,
      "images of \(width) x \(height) and \(other.width) x \(other.height) cannot be mixed")
    let linear = (0...255).map { SRGB.linear(Float($0) / 255) }
    var mixed = pixels
    for (pixel, weight) in weights.values.enumerated() where weight > 0 {
      for index in pixel * 3..<pixel * 3 + 3 {
        let (own, new) = (pixels[index], other.pixels[index])
        if weight >= 1 || own == new {
          mixed[index] = new
        } else {
          let light = linear[Int(own)] + weight * (linear[Int(new)] - linear[Int(own)])
          mixed[index] = UInt8((SRGB.encoded(light) * 255).rounded().clamped(to: 0...255))
        }
      }
    }
    return Image(width: width, height: height, pixels: mixed)
  }
}
