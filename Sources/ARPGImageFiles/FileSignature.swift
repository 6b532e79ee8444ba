/// What a file is, told by its first bytes.
enum FileSignature {
  /// The most first bytes that tell a format that is read.
  static let length = 12

  /// The format of an image that is read; nil for anything else.
  static func format(of bytes: [UInt8]) -> ImageFileInfo.Format? {
    if bytes.starts(with: png) { return .png }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return .webp }
    let isTIFF = bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A])
    return isTIFF ? .tiff : nil
  }

  static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The error for a file of a format that is not read.
  static func refusal(of bytes: [UInt8], path: String) -> ImageFileError {
    if let (name, source) = picture(bytes) { return .otherFormat(path: path, found: name, source: source) }
    return .notAnImage(path: path, found: name(of: bytes))
  }

  /// What a picture of another format is called, with an article, and what a converter takes of it: "a HEIC image", "in.heic".
  private static func picture(_ bytes: [UInt8]) -> (name: String, source: String)? {
    func has(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
    if has("GIF87a") || has("GIF89a") { return ("a GIF image", "in.gif[0]") }
    if has("ftyp", at: 4) {
      let brands = stride(from: 8, to: 64, by: 4).filter { $0 != 12 }
      func hasBrand(_ names: [String]) -> Bool { brands.contains { place in names.contains { has($0, at: place) } } }
      if hasBrand(["avif", "avis"]) { return ("an AVIF image", "in.avif") }
      if hasBrand(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]) {
        return ("a HEIC image", "in.heic")
      }
      return nil
    }
    if bytes.starts(with: [0x49, 0x49, 0x2B, 0x00]) || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2B]) {
      return ("a BigTIFF image", "in.tif")
    }
    if bytes.starts(with: [0xFF, 0x0A]) || bytes.starts(with: [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) {
      return ("a JPEG XL image", "in.jxl")
    }
    if bytes.starts(with: [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]) { return ("a JPEG 2000 image", "in.jp2") }
    if has("BM") && bytes.count > 26 && bytes[6..<10].allSatisfy({ $0 == 0 }) { return ("a BMP image", "in.bmp") }
    if has("8BPS") { return ("a Photoshop document", "in.psd[0]") }
    if has("%PDF") { return ("a PDF document", "in.pdf[0]") }
    guard isText(bytes) else { return nil }
    let opening = bytes.prefix(4096).drop { $0 <= 0x20 }
    let isMarkup = opening.first == 0x3C
    if isMarkup && String(decoding: opening, as: UTF8.self).contains("<svg") { return ("an SVG drawing", "in.svg") }
    if opening.first == 0x50, opening.count > 2, (0x31...0x37).contains(opening[opening.startIndex + 1]) {
      return ("a PNM image", "in.pnm")
    }
    return nil
  }

  /// What a file that is no picture seems to be, with an article.
  private static func name(of bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "an empty file" }
    if bytes.dropFirst(4).starts(with: "ftyp".utf8) { return "a video or another ISO media file" }
    if bytes.starts(with: [0x1F, 0x8B]) || bytes.starts(with: "PK\u{3}\u{4}".utf8) { return "an archive" }
    if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) { return "a .npy array" }
    return isText(bytes) ? "a text file" : "no image of a known kind"
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(512).allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
  }
}
