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
    let image =
      if header.bitDepth == 16 {
        image(header, samples: try samples(of: UInt16.self, bytes, header, isGrey: isGrey, path: path), isGrey: isGrey)
      } else {
        image(header, samples: try samples(of: UInt8.self, bytes, header, isGrey: isGrey, path: path), isGrey: isGrey)
      }
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

  /// The image of samples with alpha, composed over white in their own precision.
  private static func image<Sample: FixedWidthInteger & UnsignedInteger>(
    _ header: PNGHeader, samples: [Sample], isGrey: Bool
  ) -> Image {
    let count = header.width * header.height
    let colours = isGrey ? 1 : 3
    let most = UInt64(Sample.max)
    func composed(_ pixel: Int, _ colour: Int) -> UInt64 {
      let start = pixel * (colours + 1)
      let alpha = UInt64(samples[start + colours])
      let value = UInt64(samples[start + colour])
      return alpha == most ? value : (value * alpha + most * (most - alpha) + most / 2) / most
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: count * 3) { target, initialized in
      for pixel in 0..<count {
        for channel in 0..<3 {
          let value = composed(pixel, isGrey ? 0 : channel)
          target.initializeElement(at: pixel * 3 + channel, to: UInt8((value * 255 + most / 2) / most))
        }
      }
      initialized = count * 3
    }
    // Grey is often stored as three equal channels.
    func isGreyPixel(_ pixel: Int) -> Bool {
      let red = samples[4 * pixel]
      return samples[4 * pixel + 1] == red && samples[4 * pixel + 2] == red
    }
    let isDeep = Sample.bitWidth == 16 && (isGrey || (0..<count).allSatisfy(isGreyPixel))
    let deepGrey = isDeep ? (0..<count).map { UInt16(composed($0, 0)) } : nil
    let alphas = (0..<count).map { UInt8((UInt64(samples[$0 * (colours + 1) + colours]) * 255 + most / 2) / most) }
    let isOpaque = alphas.allSatisfy { $0 == 255 }
    return Image(
      width: header.width, height: header.height, pixels: pixels, deepGrey: deepGrey, alpha: isOpaque ? nil : alphas)
  }

  static func encode(_ image: Image, text: [(keyword: String, value: String)], path: String) throws -> Data {
    let isGrey = image.deepGrey != nil || image.isGrey
    let layout = arpg_pixel_layout(
      width: UInt32(image.width), height: UInt32(image.height), channels: isGrey ? 1 : 3,
      bit_depth: image.deepGrey == nil ? 8 : 16)
    return try withEntries(text) { entries in
      func encode(_ samples: UnsafeRawBufferPointer) throws -> Data {
        try Codec.encoding(path) { encoded, message in
          arpg_png_encode(samples.baseAddress, layout, entries.baseAddress, entries.count, encoded, message)
        }
      }
      if let deepGrey = image.deepGrey { return try deepGrey.withUnsafeBytes(encode) }
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
