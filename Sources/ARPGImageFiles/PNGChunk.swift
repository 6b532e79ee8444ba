import ARPGFiles
import CImageCodecs
import Foundation

/// A chunk of a PNG file (PNG specification, third edition, section 5.3).
struct PNGChunk {
  /// Four letters.
  let type: String
  /// All of it in the file: length, type, content and checksum.
  let range: Range<Int>
  /// Its content.
  var body: Range<Int> { range.lowerBound + 8..<range.upperBound - 4 }

  /// Calls `body` with each chunk of a file, the last being IEND.
  ///
  /// - Throws: ``ImageFileError`` where the file ends before, or does not begin with its header.
  static func forEach(of bytes: [UInt8], path: String, _ body: (PNGChunk) throws -> Void) throws {
    let start = FileSignature.png.count
    var position = start
    let reader = ByteReader(bytes, isBigEndian: true)
    while true {
      guard let length = reader.long(position), reader.long(position + 4) != nil else {
        throw ImageFileError.truncated(path: path, detail: "\(bytes.count) bytes, no IEND chunk")
      }
      let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      guard length <= bytes.count - position - 12 else {
        throw ImageFileError.truncated(
          path: path, detail: "\(bytes.count) bytes, the chunk \(type.debugDescription) is longer")
      }
      guard (position == start) == (type == "IHDR") else {
        throw ImageFileError.damaged(path: path, detail: "the header is not the first chunk")
      }
      let chunk = PNGChunk(type: type, range: position..<position + length + 12)
      try body(chunk)
      guard type != "IEND" else { return }
      position = chunk.range.upperBound
    }
  }

  /// The bytes of a chunk.
  ///
  /// - Parameters:
  ///   - type: four letters.
  ///   - content: at most 2^31 - 1 bytes.
  ///   - path: what errors name.
  static func encode(_ type: String, _ content: [UInt8], path: String) throws -> Data {
    try Codec.encoding(path) { arpg_png_chunk(type, content, content.count, $0, $1) }
  }
}
