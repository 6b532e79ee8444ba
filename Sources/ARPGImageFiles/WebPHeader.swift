import ARPGFiles
import CImageCodecs

/// What the chunks of a WebP file say, without decoding (RFC 9649).
struct WebPHeader {
  let width: Int
  let height: Int
  let hasAlpha: Bool
  private(set) var orientation = 1

  /// Walks the chunks; the file must be whole.
  init(_ bytes: [UInt8], path: String) throws {
    let reader = ByteReader(bytes)
    guard let length = reader.long(4), length + 8 <= bytes.count else {
      throw ImageFileError.truncated(
        path: path, detail: "\(bytes.count) of \((reader.long(4) ?? 0) + 8) bytes")
    }
    var features = arpg_webp_features()
    try withUnsafeMutablePointer(to: &features) { features in
      try Codec.reading(path) { arpg_webp_header(bytes, bytes.count, features, $0) }
    }
    guard features.has_animation == 0 else { throw ImageFileError.animated(path: path, found: "an animated WebP") }
    guard features.width > 0, features.height > 0 else {
      throw ImageFileError.damaged(path: path, detail: "it declares \(features.width) x \(features.height) pixels")
    }
    width = Int(features.width)
    height = Int(features.height)
    hasAlpha = features.has_alpha != 0
    orientation = Self.orientation(reader, end: length + 8)
  }

  /// The orientation of the EXIF chunk, or of the XMP chunk where there is none.
  private static func orientation(_ reader: ByteReader<[UInt8]>, end: Int) -> Int {
    var position = 12
    var fromXMP: Int?
    while let length = reader.long(position + 4), position + 8 + length <= end {
      let body = reader.bytes[position + 8..<position + 8 + length]
      let name = reader.bytes[position..<position + 4]
      if name.elementsEqual("EXIF".utf8) {
        return Orientation.read(fromTIFF: body.starts(with: "Exif\0\0".utf8) ? body.dropFirst(6) : body)
      }
      if name.elementsEqual("XMP ".utf8) { fromXMP = Orientation.read(fromXMP: body) }
      position += 8 + length + length % 2
    }
    return fromXMP ?? 1
  }
}
