import ARPGFiles
import Foundation

/// The comment of an EXIF block (EXIF 2.32, tag 0x9286), where many programs keep the settings that an image was made with.
enum UserComment {
  private static let exifDirectory = 0x8769, tag = 0x9286
  private static let start = Array("Exif\0\0".utf8), unicode = Array("UNICODE\0".utf8),
    ascii = Array("ASCII\0\0\0".utf8)

  /// The body of a JPEG's APP1 segment with nothing but the comment, in UTF-16 with the most significant byte first.
  static func segment(_ text: String) -> [UInt8] {
    let comment = unicode + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    /// A directory at a place with a single entry, and no directory behind it.
    func directory(_ tag: Int, type: Int, count: Int, value: Int) -> [UInt8] {
      bytes(1, 2) + bytes(tag, 2) + bytes(type, 2) + bytes(count, 4) + bytes(value, 4) + bytes(0, 4)
    }
    func bytes(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let first = 8, length = 18
    return start + Array("MM\0*".utf8) + bytes(first, 4)
      + directory(exifDirectory, type: 4, count: 1, value: first + length)
      + directory(tag, type: 7, count: comment.count, value: first + 2 * length) + comment
  }

  /// The comment in a TIFF structure (the body of an EXIF block); nil where it has none.
  static func read(fromTIFF bytes: ArraySlice<UInt8>) -> String? {
    var reader = ByteReader(bytes)
    reader.isBigEndian = reader.short(0) == 0x4D4D
    guard let main = reader.long(4), let pointer = entry(exifDirectory, of: main, reader),
      let directory = reader.long(pointer + 8), let entry = entry(tag, of: directory, reader),
      let count = reader.long(entry + 4), count > 8, let place = reader.long(entry + 8), place <= bytes.count,
      count <= bytes.count - place
    else { return nil }
    let comment = bytes.dropFirst(place).prefix(count), body = Array(comment.dropFirst(8))
    let text =
      comment.starts(with: unicode)
      ? String(bytes: body, encoding: isBigEndian(body, or: reader.isBigEndian) ? .utf16BigEndian : .utf16LittleEndian)
      : comment.starts(with: ascii) ? String(decoding: body, as: UTF8.self) : nil
    let trimmed = text?.trimmingCharacters(in: CharacterSet(charactersIn: "\0\u{FEFF} "))
    return trimmed.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether the first byte of a unit of UTF-16 is the most significant: the standard does not say, and programs differ. Most units
  /// of a text in Latin letters have a byte of zero there.
  private static func isBigEndian(_ body: [UInt8], or expected: Bool) -> Bool {
    var zeros = (first: 0, second: 0)
    for (place, byte) in body.enumerated() where byte == 0 {
      if place.isMultiple(of: 2) { zeros.first += 1 } else { zeros.second += 1 }
    }
    return zeros.first == zeros.second ? expected : zeros.first > zeros.second
  }

  /// The place of a tag's entry in a directory.
  private static func entry(_ tag: Int, of directory: Int, _ reader: ByteReader<ArraySlice<UInt8>>) -> Int? {
    guard let count = reader.short(directory) else { return nil }
    return (0..<count).lazy.map { directory + 2 + 12 * $0 }.first { reader.short($0) == tag }
  }
}
