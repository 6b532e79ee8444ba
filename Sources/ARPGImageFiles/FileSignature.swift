/// What a file is, told by its first bytes.
enum FileSignature {
  static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// What a file that is neither JPEG nor PNG seems to be, with an article: "a WebP image".
  static func name(of bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "an empty file" }
    func has(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
    if has("RIFF") && has("WEBP", at: 8) { return "a WebP image" }
    if has("GIF87a") || has("GIF89a") { return "a GIF image" }
    if has("ftyp", at: 4) {
      if has("avif", at: 8) || has("avis", at: 8) { return "an AVIF image" }
      if ["heic", "heix", "hevc", "mif1", "msf1"].contains(where: { has($0, at: 8) }) { return "a HEIC image" }
      return "a video or another ISO media file"
    }
    if bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
      return "a TIFF image"
    }
    if bytes.starts(with: [0xFF, 0x0A]) || bytes.starts(with: [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) {
      return "a JPEG XL image"
    }
    if bytes.starts(with: [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]) { return "a JPEG 2000 image" }
    if has("BM") && bytes.count > 26 && bytes[6..<10].allSatisfy({ $0 == 0 }) { return "a BMP image" }
    if has("8BPS") { return "a Photoshop document" }
    if has("%PDF") { return "a PDF document" }
    if bytes.starts(with: [0x1F, 0x8B]) || has("PK\u{3}\u{4}") { return "an archive" }
    let start = bytes.prefix(512)
    if start.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }) {
      let opening = start.drop { $0 <= 0x20 }
      if opening.starts(with: "<svg".utf8) || opening.starts(with: "<?xml".utf8) { return "an SVG or XML file" }
      if opening.starts(with: "P".utf8), opening.count > 2, (0x31...0x37).contains(opening[opening.startIndex + 1]) {
        return "a PNM image"
      }
      return "a text file"
    }
    return "no image of a known kind"
  }
}
