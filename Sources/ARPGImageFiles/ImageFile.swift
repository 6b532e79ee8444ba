import ARPGFiles
import ARPGImages
import Foundation

/// Picture files: JPEG and PNG, read by their content and written by their name.
public enum ImageFile {
  /// Reads a JPEG or PNG picture as it is to be seen: 8-bit RGB, alpha composed over white, the EXIF orientation applied.
  /// 16-bit grey keeps its precision in ``Image/deepGrey``.
  ///
  /// - Throws: ``ImageFileError`` for anything but a whole picture within the limits.
  public static func read(_ path: String, limit: ImageLimits = .default) throws -> Image {
    let bytes = try FileBytes.read(path, limit: limit)
    let (info, image) =
      switch try format(of: bytes, path: path) {
      case .png: try PNGFile.decode(bytes, path: path, limit: limit)
      case .jpeg: try JPEGFile.decode(bytes, path: path, limit: limit)
      }
    return Orientation.apply(info.orientation, to: image)
  }

  /// Reads the headers of a picture without decoding it.
  ///
  /// - Throws: ``ImageFileError`` where there is no picture or its headers are broken.
  public static func info(of path: String, limit: ImageLimits = .default) throws -> ImageFileInfo {
    let bytes = try FileBytes.read(path, limit: limit)
    return switch try format(of: bytes, path: path) {
    case .png: PNGFile.info(try PNGHeader(bytes, path: path))
    case .jpeg: JPEGFile.info(try JPEGHeader(bytes, path: path))
    }
  }

  /// The text entries of a picture, in the order of the file: PNG text chunks, or JPEG comments of the form
  /// `keyword: value` (other comments have the keyword `Comment`).
  ///
  /// - Throws: ``ImageFileError`` where there is no picture or it is broken.
  public static func text(of path: String, limit: ImageLimits = .default) throws -> [(keyword: String, value: String)] {
    let bytes = try FileBytes.read(path, limit: limit)
    return switch try format(of: bytes, path: path) {
    case .png: try PNGFile.text(bytes, path: path, limit: limit)
    case .jpeg: try JPEGHeader(bytes, path: path).comments.map(JPEGFile.entry)
    }
  }

  /// Writes a picture, as PNG or JPEG after the ending of the path (.png, .jpg, .jpeg), and as grey where it is grey.
  /// The file is complete or not there.
  ///
  /// - Parameters:
  ///   - image: the picture; one with a deep grey plane becomes a 16-bit grey PNG.
  ///   - path: where to; an existing file is replaced.
  ///   - text: entries to store with it. Keywords have 1 to 79 ASCII characters; values may be any text without zeros.
  ///   - quality: of a JPEG, 1 to 100; colour keeps its full resolution from 90 on.
  /// - Throws: ``ImageFileError`` where the path, the text or the place does not allow it.
  public static func write(
    _ image: Image, to path: String, text: [(keyword: String, value: String)] = [], quality: Int = 92
  ) throws {
    let fileExtension = URL(fileURLWithPath: path).pathExtension
    for entry in text { try check(entry, path: path) }
    let bytes =
      switch fileExtension.lowercased() {
      case "png": try PNGFile.encode(image, text: text, path: path)
      case "jpg", "jpeg": try JPEGFile.encode(image, text: text, quality: quality, path: path)
      default:
        throw ImageFileError.unknownExtension(
          path: path, found: fileExtension.isEmpty ? "no extension" : ".\(fileExtension)")
      }
    try FileBytes.write(bytes, to: path)
  }

  private static func format(of bytes: [UInt8], path: String) throws -> ImageFileInfo.Format {
    if bytes.starts(with: FileSignature.png) { return .png }
    if bytes.starts(with: FileSignature.jpeg) { return .jpeg }
    throw ImageFileError.notAPicture(path: path, found: FileSignature.name(of: bytes))
  }

  private static func check(_ entry: (keyword: String, value: String), path: String) throws {
    let keyword = entry.keyword
    let isPlain = keyword.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    let isTrimmed = !keyword.hasPrefix(" ") && !keyword.hasSuffix(" ") && !keyword.contains("  ")
    guard (1...79).contains(keyword.utf8.count), isPlain, isTrimmed, !keyword.contains(": ") else {
      throw ImageFileError.badText(
        path: path, keyword: keyword, reason: "has a keyword that is not 1 to 79 plain ASCII characters")
    }
    guard !entry.value.utf8.contains(0) else {
      throw ImageFileError.badText(path: path, keyword: keyword, reason: "contains a zero")
    }
  }
}
