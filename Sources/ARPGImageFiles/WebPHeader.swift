import ARPGFiles
import CImageCodecs

/// What the chunks of a WebP file say, without decoding (RFC 9649).
struct WebPHeader {
  let width: Int
  let height: Int
  let hasAlpha: Bool
  private(set) var orientation = 1
  /// The XMP packet and the EXIF block; nil where there is none.
  private(set) var xmp, exif: ArraySlice<UInt8>?

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
    findMetadata(reader, end: length + 8)
    orientation = exif.map { Orientation.read(fromTIFF: $0) } ?? xmp.map { Orientation.read(fromXMP: $0) ?? 1 } ?? 1
  }

  private mutating func findMetadata(_ reader: ByteReader<[UInt8]>, end: Int) {
    var position = 12
    while let length = reader.long(position + 4), position + 8 + length <= end {
      let body = reader.bytes[position + 8..<position + 8 + length]
      let name = reader.bytes[position..<position + 4]
      if name.elementsEqual("EXIF".utf8), exif == nil {
        exif = body.starts(with: "Exif\0\0".utf8) ? body.dropFirst(6) : body
      }
      if name.elementsEqual("XMP ".utf8), xmp == nil { xmp = body }
      position += 8 + length + length % 2
    }
  }
}
