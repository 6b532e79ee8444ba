import ARPGImageFiles
import ARPGService
import Foundation

/// The formats that results are sent in.
enum ResultFormat: String, CaseIterable {
  case png, jpeg, webp

  /// The type of its content.
  var type: String { "image/\(rawValue)" }

  /// What names of its files end in.
  var suffix: String { self == .jpeg ? "jpg" : rawValue }

  /// A PNG file in this format, with the texts that it has.
  ///
  /// - Parameter quality: of a JPEG or WebP, 1 to 100.
  func converted(_ png: Data, quality: Int = 92) throws -> Data {
    guard self != .png else { return png }
    let bytes = [UInt8](png)
    let text = try ImageFile.text(of: bytes)
    return try ImageFile.encode(
      ImageFile.read(bytes), as: self == .webp ? .webp : .jpeg, text: text, quality: quality)
  }
}
