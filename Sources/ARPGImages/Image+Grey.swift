extension Image {
  /// The luma of each pixel (ITU-R BT.601) in OpenCV's fixed point: 0.299 R + 0.587 G + 0.114 B with 15 bits.
  public var greyValues: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for pixel in 0..<width * height {
          let red = Int32(source[pixel * 3]) * 9798
          let green = Int32(source[pixel * 3 + 1]) * 19235
          let blue = Int32(source[pixel * 3 + 2]) * 3735
          target.initializeElement(at: pixel, to: UInt8((red + green + blue + 1 << 14) >> 15))
        }
      }
      count = width * height
    }
  }

  /// Grey as a plane, white being 1: the deep grey where the image has it, the luma otherwise.
  public var greyPlane: Plane {
    let values = deepGrey?.map { Float($0) / 65535 } ?? greyValues.map { Float($0) / 255 }
    return Plane(width: width, height: height, values: values)
  }

  /// How opaque the image is, 0 to 1; nil where it is everywhere.
  public var alphaPlane: Plane? {
    alpha.map { Plane(width: width, height: height, values: $0.map { Float($0) / 255 }) }
  }

  /// Grey over black: what shows of the image where nothing is behind it, 0 where it is transparent.
  public var greyOverBlack: Plane {
    guard let alpha else { return greyPlane }
    let grey = greyPlane.values
    return Plane(
      width: width, height: height,
      values: zip(grey, alpha).map { value, alpha in max(0, value - (1 - Float(alpha) / 255)) })
  }
}
