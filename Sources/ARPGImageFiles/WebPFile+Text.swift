import ARPGFiles
import ARPGImages
import CImageCodecs
import Foundation

/// WebP out, with texts: the comment of an EXIF block, and the others as properties of an XMP packet (RFC 9649, section 2.7).
extension WebPFile {
  /// The keyword that other programs look for in the EXIF block.
  private static let commentKeyword = "parameters"
  /// The namespace of the properties.
  private static let namespace = "https://arpg.invalid/text/"
  private static let longestSide = 16383

  static func encode(_ image: Image, text: [(keyword: String, value: String)], quality: Int, path: String) throws
    -> Data
  {
    precondition((1...100).contains(quality), "WebP quality \(quality) is not within 1 and 100")
    guard image.width <= longestSide, image.height <= longestSide else {
      throw ImageFileError.unwritable(path: path, reason: "WebP sides have at most \(longestSide) pixels, write a PNG")
    }
    let layout = arpg_pixel_layout(
      width: UInt32(image.width), height: UInt32(image.height), channels: 3, bit_depth: 8)
    let plain = try Codec.encoding(path) { arpg_webp_encode(image.pixels, layout, Int32(quality), $0, $1) }
    guard !text.isEmpty else { return plain }
    let comment = text.first { $0.keyword == commentKeyword }.map { Data(UserComment.segment($0.value).dropFirst(6)) }
    let others = text.filter { $0.keyword != commentKeyword }
    let xmp = others.isEmpty ? nil : Data(packet(others).utf8)
    let flags: UInt8 = (comment == nil ? 0 : 0x08) | (xmp == nil ? 0 : 0x04)
    var body = Data("WEBP".utf8)
    body += chunk("VP8X", Data([flags, 0, 0, 0]) + bytes(image.width - 1, 3) + bytes(image.height - 1, 3))
    // The picture as the encoder wrote it, behind the header of its file.
    body += plain.dropFirst(12)
    if let comment { body += chunk("EXIF", comment) }
    if let xmp { body += chunk("XMP ", xmp) }
    return Data("RIFF".utf8) + bytes(body.count, 4) + body
  }

  private static func chunk(_ name: String, _ content: Data) -> Data {
    Data(name.utf8) + bytes(content.count, 4) + content + Data(count: content.count % 2)
  }

  /// A number with its least significant byte first.
  private static func bytes(_ value: Int, _ count: Int) -> Data {
    Data((0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
  }

  private static func packet(_ entries: [(keyword: String, value: String)]) -> String {
    let properties = entries.map { entry in
      "<rdf:li rdf:parseType=\"Resource\"><text:keyword>\(escaped(entry.keyword))</text:keyword>"
        + "<text:value>\(escaped(entry.value))</text:value></rdf:li>"
    }
    return """
      <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
      <rdf:Description rdf:about="" xmlns:text="\(namespace)"><text:entries><rdf:Seq>\(properties.joined())\
      </rdf:Seq></text:entries></rdf:Description></rdf:RDF></x:xmpmeta>
      """
  }

  private static let escapes = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")]

  private static func escaped(_ text: String) -> String {
    escapes.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  /// The texts that ``encode(_:text:quality:path:)`` writes, and the comment of any EXIF block.
  static func text(_ header: WebPHeader) -> [(keyword: String, value: String)] {
    let packet = header.xmp.map { String(decoding: $0, as: UTF8.self) } ?? ""
    var entries: [(keyword: String, value: String)] = []
    if packet.contains(namespace) {
      for part in packet.components(separatedBy: "<text:keyword>").dropFirst() {
        guard let keyword = part.range(of: "</text:keyword><text:value>"), let value = part.range(of: "</text:value>"),
          keyword.upperBound <= value.lowerBound
        else { continue }
        entries.append(
          (unescaped(part[..<keyword.lowerBound]), unescaped(part[keyword.upperBound..<value.lowerBound])))
      }
    }
    if let comment = header.exif.flatMap({ UserComment.read(fromTIFF: $0) }) {
      entries.append((commentKeyword, comment))
    }
    return entries
  }

  private static func unescaped(_ text: Substring) -> String {
    escapes.reversed().reduce(String(text)) { $0.replacing($1.1, with: $1.0) }
  }
}
