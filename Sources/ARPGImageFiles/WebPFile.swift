import ARPGImages
import CImageCodecs

/// WebP in: lossy and lossless, with alpha.
enum WebPFile {
  static func info(_ header: WebPHeader) -> ImageFileInfo {
    let swaps = Orientation.swapsSides(header.orientation)
    return ImageFileInfo(
      format: .webp, width: swaps ? header.height : header.width, height: swaps ? header.width : header.height,
      kind: header.hasAlpha ? .rgba : .rgb, bitDepth: 8, isProgressive: false, orientation: header.orientation)
  }

  static func decode(_ bytes: [UInt8], path: String, limit: ImageLimits) throws -> (ImageFileInfo, Image) {
    let header = try WebPHeader(bytes, path: path)
    try limit.check(width: header.width, height: header.height, path: path)
    let layout = arpg_pixel_layout(
      width: UInt32(header.width), height: UInt32(header.height), channels: 4, bit_depth: 8)
    let size = header.width * header.height * 4
    let samples = try [UInt8](unsafeUninitializedCapacity: size) { target, count in
      try Codec.reading(path) { arpg_webp_decode(bytes, bytes.count, layout, target.baseAddress, $0) }
      count = size
    }
    return (
      info(header), SampledImage(width: header.width, height: header.height, samples: samples, isGrey: false).image
    )
  }
}
