import ARPGFiles
import ARPGImages
import CImageCodecs
import Foundation

/// PNG in and out.
enum PNGFile {
  static func info(_ header: PNGHeader) -> ImageFileInfo {
    let swaps = Orientation.swapsSides(header.orientation)
    return ImageFileInfo(
      format: .png, width: swaps ? header.height : header.width, height: swaps ? header.width : header.height,
      kind: header.kind, bitDepth: header.bitDepth, isProgressive: header.isInterlaced,
      orientation: header.orientation)
  }

  /// The header, with the orientation from wherever it is written.
  static func header(_ bytes: [UInt8], path: String, limit: ImageLimits) throws -> PNGHeader {
    var header = try PNGHeader(bytes, path: path)
    guard header.orientation == 1, header.hasOrientationText else { return header }
    for entry in try text(bytes, path: path, limit: limit) {
      let found =
        entry.keyword == "XML:com.adobe.xmp"
        ? Orientation.read(fromXMP: Array(entry.value.utf8)[...])
        : entry.keyword.hasPrefix("Raw profile type ")
          && !entry.keyword.hasSuffix("icc") ? Orientation.read(fromRawProfile: entry.value.utf8) : nil
      if let found, found != 1 { header.orientation = found }
    }
    return header
  }

  static func decode(_ bytes: [UInt8], path: String, limit: ImageLimits) throws -> (ImageFileInfo, Image) {
    let header = try header(bytes, path: path, limit: limit)
    try limit.check(width: header.width, height: header.height, path: path)
    guard header.canHoldPixels else {
      throw ImageFileError.truncated(
        path: path,
        detail: "\(header.compressedBytes) compressed bytes cannot hold \(header.width) x \(header.height) pixels")
    }
    let isGrey = header.kind == .grey || header.kind == .greyAlpha
    func image<Sample: FixedWidthInteger & UnsignedInteger>(of: Sample.Type) throws -> Image {
      let samples = try samples(of: Sample.self, bytes, header, isGrey: isGrey, path: path)
      return SampledImage(width: header.width, height: header.height, samples: samples, isGrey: isGrey).image
    }
    let image = header.bitDepth == 16 ? try image(of: UInt16.self) : try image(of: UInt8.self)
    return (info(header), image)
  }

  /// The decoded samples: grey and alpha, or red, green, blue and alpha.
  private static func samples<Sample: FixedWidthInteger & UnsignedInteger>(
    of: Sample.Type, _ bytes: [UInt8], _ header: PNGHeader, isGrey: Bool, path: String
  ) throws -> [Sample] {
    let channels = isGrey ? 2 : 4
    var samples = [Sample](repeating: 0, count: header.width * header.height * channels)
    let layout = arpg_pixel_layout(
      width: UInt32(header.width), height: UInt32(header.height), channels: UInt32(channels),
      bit_depth: UInt32(Sample.bitWidth))
    try samples.withUnsafeMutableBytes { target in
      try Codec.reading(path) { arpg_png_decode(bytes, bytes.count, layout, target.baseAddress, $0) }
    }
    return samples
  }

  /// Encodes an image, as grey where it is grey unless it is to have colour in any case.
  static func encode(
    _ image: Image, text: [(keyword: String, value: String)], alwaysColour: Bool = false, path: String
  ) throws -> Data {
    let isGrey = !alwaysColour && (image.deepGrey != nil || image.isGrey)
    let layout = arpg_pixel_layout(
      width: UInt32(image.width), height: UInt32(image.height), channels: isGrey ? 1 : 3,
      bit_depth: isGrey && image.deepGrey != nil ? 16 : 8)
    return try withEntries(text) { entries in
      func encode(_ samples: UnsafeRawBufferPointer) throws -> Data {
        try Codec.encoding(path) { encoded, message in
          arpg_png_encode(samples.baseAddress, layout, entries.baseAddress, entries.count, encoded, message)
        }
      }
      if isGrey, let deepGrey = image.deepGrey { return try deepGrey.withUnsafeBytes(encode) }
      return try (isGrey ? image.firstChannel : image.pixels).withUnsafeBytes(encode)
    }
  }

  /// Calls `body` with the entries as the codec takes them.
  private static func withEntries<Result>(
    _ text: [(keyword: String, value: String)], _ body: (UnsafeBufferPointer<arpg_text_entry>) throws -> Result
  ) rethrows -> Result {
    let copies = text.map { (strdup($0.keyword), strdup($0.value)) }
    defer {
      for (keyword, value) in copies {
        free(keyword)
        free(value)
      }
    }
    let entries = zip(text, copies).map { entry, copy in
      arpg_text_entry(
        keyword: copy.0, text: copy.1, international: entry.value.utf8.allSatisfy { $0 < 0x80 } ? 0 : 1)
    }
    return try entries.withUnsafeBufferPointer(body)
  }

  static func text(_ bytes: [UInt8], path: String, limit: ImageLimits) throws -> [(keyword: String, value: String)] {
    final class Entries {
      var all: [(keyword: String, value: String)] = []
    }
    let header = try PNGHeader(bytes, path: path)
    try limit.check(width: header.width, height: header.height, path: path)
    let entries = Entries()
    try withExtendedLifetime(entries) {
      try Codec.reading(path) { message in
        arpg_png_text(
          bytes, bytes.count,
          { context, keyword, text, length, international in
            guard let context, let keyword, let text else { return }
            let raw = UnsafeRawBufferPointer(start: text, count: length)
            let value =
              international == 0
              ? String(String.UnicodeScalarView(raw.map { Unicode.Scalar($0) })) : String(decoding: raw, as: UTF8.self)
            Unmanaged<Entries>.fromOpaque(context).takeUnretainedValue().all.append((String(cString: keyword), value))
          }, Unmanaged.passUnretained(entries).toOpaque(), message)
      }
    }
    return entries.all
  }
}

extension Image {
  /// The red samples, which are those of a grey image.
  var firstChannel: [UInt8] { stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] } }
}
