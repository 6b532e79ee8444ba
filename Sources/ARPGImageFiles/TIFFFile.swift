import ARPGImages
import CImageCodecs

/// TIFF in: the first page.
enum TIFFFile {
  static func info(_ header: TIFFHeader) -> ImageFileInfo {
    let swaps = Orientation.swapsSides(header.orientation)
    return ImageFileInfo(
      format: .tiff, width: swaps ? header.height : header.width, height: swaps ? header.width : header.height,
      kind: header.kind, bitDepth: header.bitDepth, isProgressive: false, orientation: header.orientation)
  }

  static func decode(_ bytes: [UInt8], path: String, limit: ImageLimits) throws -> (
    ImageFileInfo, Image, hasMorePages: Bool
  ) {
    let header = try TIFFHeader(bytes, path: path)
    try limit.check(width: header.width, height: header.height, path: path)
    guard header.canHoldPixels(in: bytes.count) else {
      throw ImageFileError.truncated(
        path: path, detail: "\(bytes.count) bytes cannot hold \(header.width) x \(header.height) pixels")
    }
    let image =
      if header.isGrey && header.isFloat && !header.hasAlpha {
        try measured(bytes, header, path: path)
      } else if header.isConverted || header.bitDepth == 8 {
        try sampled(of: UInt8.self, bytes, header, path: path)
      } else {
        try sampled(of: UInt16.self, bytes, header, path: path)
      }
    return (info(header), image, header.hasMorePages)
  }

  private static func sampled<Sample: FixedWidthInteger & UnsignedInteger>(
    of: Sample.Type, _ bytes: [UInt8], _ header: TIFFHeader, path: String
  ) throws -> Image {
    let channels = header.isGrey ? 2 : 4
    var samples = [Sample](repeating: .max, count: header.width * header.height * channels)
    try decode(bytes, header, into: &samples, channels: channels, path: path)
    if header.isGrey && header.photometric == 0 {
      for index in stride(from: 0, to: samples.count, by: 2) {
        let white = header.hasAlpha && header.isPremultiplied ? samples[index + 1] : .max
        samples[index] = white - min(samples[index], white)
      }
    }
    return SampledImage(
      width: header.width, height: header.height, samples: samples, isGrey: header.isGrey,
      isPremultiplied: header.isPremultiplied || header.isConverted
    ).image
  }

  /// Grey floats: between 0 and 1 as a photograph, scaled to their own range as measurements.
  private static func measured(_ bytes: [UInt8], _ header: TIFFHeader, path: String) throws -> Image {
    var values = [Float](repeating: 0, count: header.width * header.height)
    try decode(bytes, header, into: &values, channels: 1, path: path)
    if header.photometric == 0 { for index in values.indices { values[index] = 1 - values[index] } }
    return Image(width: header.width, height: header.height, measurements: values, showing: .unitRange)
  }

  private static func decode<Sample>(
    _ bytes: [UInt8], _ header: TIFFHeader, into samples: inout [Sample], channels: Int, path: String
  ) throws {
    let layout = arpg_tiff_layout(
      width: UInt32(header.width), height: UInt32(header.height), samples: UInt32(header.samples),
      bits: UInt32(header.bitDepth), compression: UInt32(header.compression),
      tile_width: UInt32(header.tile?.width ?? 0), tile_height: UInt32(header.tile?.height ?? 0),
      is_planar: header.isPlanar ? 1 : 0, has_alpha: header.hasAlpha ? 1 : 0,
      is_converted: header.isConverted ? 1 : 0, keeps_floats: Sample.self == Float.self ? 1 : 0,
      channels: UInt32(channels))
    try samples.withUnsafeMutableBytes { target in
      try Codec.reading(path) { arpg_tiff_decode(bytes, bytes.count, layout, target.baseAddress, $0) }
    }
  }
}
