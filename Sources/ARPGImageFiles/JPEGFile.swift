import ARPGFiles
import ARPGImages
import CImageCodecs
import Foundation

/// JPEG in and out.
enum JPEGFile {
  /// The most bytes of a segment.
  private static let longestSegment = 65533
  /// The keyword of the entry that stands in the EXIF block, where other programs look for it.
  private static let commentKeyword = "parameters"

  static func info(_ header: JPEGHeader) -> ImageFileInfo {
    let swaps = Orientation.swapsSides(header.orientation)
    return ImageFileInfo(
      format: .jpeg, width: swaps ? header.height : header.width, height: swaps ? header.width : header.height,
      kind: header.kind, bitDepth: header.bitDepth, isProgressive: header.isProgressive,
      orientation: header.orientation)
  }

  static func decode(_ bytes: [UInt8], path: String, limit: ImageLimits) throws -> (
    ImageFileInfo, Image, missingRows: Int
  ) {
    let header = try JPEGHeader(bytes, path: path)
    try limit.check(width: header.width, height: header.height, path: path)
    guard header.canHoldPixels(in: bytes) else {
      throw ImageFileError.truncated(
        path: path, detail: "\(bytes.count) bytes cannot hold \(header.width) x \(header.height) pixels")
    }
    let channels = header.componentIdentifiers.count
    let layout = arpg_pixel_layout(
      width: UInt32(header.width), height: UInt32(header.height), channels: UInt32(channels), bit_depth: 8)
    let size = header.width * header.height * channels
    var missing: UInt32 = 0
    let samples = try [UInt8](unsafeUninitializedCapacity: size) { target, count in
      try Codec.reading(path) { arpg_jpeg_decode(bytes, bytes.count, layout, target.baseAddress, &missing, $0) }
      count = size
    }
    let image =
      switch channels {
      case 1: Image(width: header.width, height: header.height, grey: samples)
      case 3: Image(width: header.width, height: header.height, pixels: samples)
      default: Image(width: header.width, height: header.height, pixels: rgb(invertedCMYK: samples))
      }
    return (info(header), image, Int(missing))
  }

  /// RGB of CMYK samples that are inverted, as Adobe writes them and everyone therefore reads them: ink is 255 less the
  /// sample, and each colour is what ink and black leave of white.
  private static func rgb(invertedCMYK samples: [UInt8]) -> [UInt8] {
    let count = samples.count / 4
    return [UInt8](unsafeUninitializedCapacity: count * 3) { target, initialized in
      for pixel in 0..<count {
        let white = Int(samples[pixel * 4 + 3])
        for channel in 0..<3 {
          let product = (255 - Int(samples[pixel * 4 + channel])) * white + 128
          let ink = (product >> 8 + product) >> 8
          target.initializeElement(at: pixel * 3 + channel, to: UInt8(clamping: white - ink))
        }
      }
      initialized = count * 3
    }
  }

  static func encode(_ image: Image, text: [(keyword: String, value: String)], quality: Int, path: String) throws
    -> Data
  {
    precondition((1...100).contains(quality), "JPEG quality \(quality) is not within 1 and 100")
    guard image.width <= 65500, image.height <= 65500 else {
      throw ImageFileError.unwritable(path: path, reason: "JPEG sides have at most 65500 pixels, write a PNG")
    }
    func check(_ keyword: String, _ bytes: Int) throws {
      guard bytes <= longestSegment else {
        throw ImageFileError.badText(
          path: path, keyword: keyword, reason: "is longer than the \(longestSegment) bytes of a JPEG's segment")
      }
    }
    var comments: [String] = [], exif: [UInt8] = []
    for entry in text {
      if entry.keyword == commentKeyword, exif.isEmpty {
        exif = UserComment.segment(entry.value)
        try check(entry.keyword, exif.count)
      } else {
        comments.append("\(entry.keyword): \(entry.value)")
        try check(entry.keyword, comments[comments.count - 1].utf8.count)
      }
    }
    let copies = comments.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    let isGrey = image.isGrey
    let layout = arpg_pixel_layout(
      width: UInt32(image.width), height: UInt32(image.height), channels: isGrey ? 1 : 3, bit_depth: 8)
    let samples = isGrey ? image.firstChannel : image.pixels
    return try copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { comments in
      try Codec.encoding(path) { encoded, message in
        arpg_jpeg_encode(
          samples, layout, Int32(quality), quality >= 90 ? 1 : 0, exif, exif.count, comments.baseAddress,
          comments.count, encoded, message)
      }
    }
  }

  /// The text entries of a header's comments, and of the EXIF block's comment where there is none of its keyword among them.
  static func text(_ header: JPEGHeader) -> [(keyword: String, value: String)] {
    let entries = header.comments.map(entry)
    guard let comment = header.userComment, !entries.contains(where: { $0.keyword == commentKeyword }) else {
      return entries
    }
    return entries + [(commentKeyword, comment)]
  }

  /// The text entry of a comment.
  private static func entry(_ comment: String) -> (keyword: String, value: String) {
    guard let colon = comment.range(of: ": "), comment[..<colon.lowerBound].utf8.count <= 79,
      comment[..<colon.lowerBound].allSatisfy({ !$0.isNewline }), colon.lowerBound > comment.startIndex
    else { return ("Comment", comment) }
    return (String(comment[..<colon.lowerBound]), String(comment[colon.upperBound...]))
  }
}
