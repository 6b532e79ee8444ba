import ARPGImages

/// Decoded samples of 8 or 16 bits: grey and alpha, or red, green, blue and alpha of each pixel.
struct SampledImage<Sample: FixedWidthInteger & UnsignedInteger> {
  let width: Int
  let height: Int
  let samples: [Sample]
  let isGrey: Bool
  /// Whether the colours are multiplied by alpha already.
  var isPremultiplied = false

  private var colours: Int { isGrey ? 1 : 3 }

  /// A colour of a pixel over white, in its own precision.
  private func composed(_ pixel: Int, _ colour: Int) -> UInt64 {
    let most = UInt64(Sample.max)
    let start = pixel * (colours + 1)
    let alpha = UInt64(samples[start + colours])
    let value = UInt64(samples[start + colour])
    if alpha == most { return value }
    if isPremultiplied { return min(value + most - alpha, most) }
    return (value * alpha + most * (most - alpha) + most / 2) / most
  }

  /// Grey is often stored as three equal channels.
  private func isGreyPixel(_ pixel: Int) -> Bool {
    let red = samples[4 * pixel]
    return samples[4 * pixel + 1] == red && samples[4 * pixel + 2] == red
  }

  /// The image over white, with alpha beside it where some of it is transparent. Grey of 16 bits keeps its precision.
  var image: Image {
    let count = width * height
    let most = UInt64(Sample.max)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * 3) { target, initialized in
      for pixel in 0..<count {
        for channel in 0..<3 {
          let value = composed(pixel, isGrey ? 0 : channel)
          target.initializeElement(at: pixel * 3 + channel, to: UInt8((value * 255 + most / 2) / most))
        }
      }
      initialized = count * 3
    }
    let isDeep = Sample.bitWidth == 16 && (isGrey || (0..<count).allSatisfy(isGreyPixel))
    let deepGrey = isDeep ? (0..<count).map { UInt16(composed($0, 0)) } : nil
    let alphas = (0..<count).map { UInt8((UInt64(samples[$0 * (colours + 1) + colours]) * 255 + most / 2) / most) }
    let isOpaque = alphas.allSatisfy { $0 == 255 }
    return Image(width: width, height: height, pixels: pixels, deepGrey: deepGrey, alpha: isOpaque ? nil : alphas)
  }
}
