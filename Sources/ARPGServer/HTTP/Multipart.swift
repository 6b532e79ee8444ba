import ARPGService
import NIOCore

/// The parts of a body of `multipart/form-data` (RFC 7578).
struct Multipart {
  /// A part.
  struct Part {
    /// The name of the field.
    let name: String
    /// The name of the file; nil where it is no file.
    let file: String?
    /// The content.
    let content: ArraySlice<UInt8>

    /// The content as text.
    var text: String { String(decoding: content, as: UTF8.self) }
  }

  /// The parts in the order in which they came.
  let parts: [Part]

  private static let mostParts = 64
  private static let mostHeaderBytes = 8192

  /// Divides a body.
  ///
  /// - Parameter type: the content type of the request, which names the boundary.
  /// - Throws: ``ServiceError/Kind/malformed``.
  init(_ body: ByteBuffer, type: String) throws(ServiceError) {
    guard let boundary = Self.parameter("boundary", of: type), 1...70 ~= boundary.utf8.count else {
      throw ServiceError(.malformed, "the content type names no boundary of 1 to 70 characters: '\(type.prefix(100))'")
    }
    let bytes = Array(body.readableBytesView), line = Array("\r\n".utf8), delimiter = line + Array("--\(boundary)".utf8)
    // The first delimiter has no line before it.
    guard bytes.starts(with: delimiter.dropFirst(2)) else {
      throw ServiceError(.malformed, "the body does not begin with its boundary '\(boundary)'")
    }
    var position = delimiter.count - 2, parts: [Part] = []
    while true {
      if bytes[position...].starts(with: Array("--".utf8)) { break }
      guard bytes[position...].starts(with: line), parts.count < Self.mostParts else {
        throw ServiceError(.malformed, "the body has a broken boundary, or more than \(Self.mostParts) parts")
      }
      let start = position + 2
      guard let end = Self.find(delimiter, in: bytes[...], from: start) else {
        throw ServiceError(.malformed, "the body ends within a part; its last boundary is missing")
      }
      parts.append(try Self.part(bytes[start..<end]))
      position = end + delimiter.count
    }
    self.parts = parts
  }

  /// The first part of a name.
  subscript(_ name: String) -> Part? { parts.first { $0.name == name } }

  /// The parts of a name, or of the name followed by `[]`.
  func all(_ name: String) -> [Part] { parts.filter { $0.name == name || $0.name == "\(name)[]" } }

  private static func part(_ bytes: ArraySlice<UInt8>) throws(ServiceError) -> Part {
    let gap = Array("\r\n\r\n".utf8)
    guard let end = find(gap, in: bytes, from: bytes.startIndex), end - bytes.startIndex <= mostHeaderBytes else {
      throw ServiceError(.malformed, "a part of the body has no headers, or more than \(mostHeaderBytes) bytes of them")
    }
    let headers = String(decoding: bytes[..<end], as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let disposition = headers.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = parameter("name", of: String(disposition))
    else { throw ServiceError(.malformed, "a part of the body has no name") }
    return Part(name: name, file: parameter("filename", of: String(disposition)), content: bytes[(end + gap.count)...])
  }

  /// A parameter of a header: `name="value"` or `name=value` behind a semicolon.
  private static func parameter(_ name: String, of header: String) -> String? {
    for piece in header.split(separator: ";").dropFirst() {
      let pair = piece.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, pair[0].filter({ !$0.isWhitespace }).lowercased() == name else { continue }
      let value = pair[1].drop { $0 == " " }
      return value.hasPrefix("\"")
        ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value.prefix { $0 != " " })
    }
    return nil
  }

  /// Where a pattern begins.
  private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    var index = start
    while index + pattern.count <= bytes.endIndex {
      guard let next = bytes[index...].firstIndex(of: pattern[0]), next + pattern.count <= bytes.endIndex else {
        return nil
      }
      if bytes[next..<next + pattern.count].elementsEqual(pattern) { return next }
      index = next + 1
    }
    return nil
  }
}
