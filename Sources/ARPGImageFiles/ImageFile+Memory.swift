import ARPGFiles
import ARPGImages
import Foundation

/// Images as bytes in memory: those of a request, for example, or of an archive.
extension ImageFile {
  /// Reads an image as it is to be seen; see ``read(_:limit:note:)``.
  ///
  /// - Parameters:
  ///   - bytes: those of a whole file.
  ///   - name: what errors call them.
  ///   - limit: what the image may ask for.
  ///   - note: is told what the user should know: rows that are missing, pages that are not read.
  /// - Throws: ``ImageFileError`` for anything but a whole image within the limits.
  public static func read(
    _ bytes: [UInt8], named name: String = "the image", limit: ImageLimits = .default,
    note: (String) -> Void = { _ in }
  ) throws -> Image {
    switch try format(of: bytes, name, limit) {
    case .png:
      let (info, image) = try PNGFile.decode(bytes, path: name, limit: limit)
      return Orientation.apply(info.orientation, to: image)
    case .jpeg:
      let (info, image, missing) = try JPEGFile.decode(bytes, path: name, limit: limit)
      if missing > 0 {
        note("\(name): the last \(missing) of \(image.height) rows are missing or damaged; copy or download it again")
      }
      return Orientation.apply(info.orientation, to: image)
    case .webp:
      let (info, image) = try WebPFile.decode(bytes, path: name, limit: limit)
      return Orientation.apply(info.orientation, to: image)
    case .tiff:
      let (info, image, hasMorePages) = try TIFFFile.decode(bytes, path: name, limit: limit)
      if hasMorePages { note("\(name): it has several pages, of which the first is used") }
      return Orientation.apply(info.orientation, to: image)
    }
  }

  /// The bytes of a file that may hold an image.
  ///
  /// - Throws: ``ImageFileError`` where it is no regular file, cannot be read or is over the limit of bytes.
  package static func bytes(of path: String, limit: ImageLimits = .default) throws -> MappedFile {
    try FileBytes.map(path, limit: limit)
  }

  /// Reads the headers of an image without decoding it.
  ///
  /// - Throws: ``ImageFileError`` where there is no image or its headers are broken.
  public static func info(
    of bytes: [UInt8], named name: String = "the image", limit: ImageLimits = .default
  ) throws -> ImageFileInfo {
    switch try format(of: bytes, name, limit) {
    case .png: PNGFile.info(try PNGFile.header(bytes, path: name, limit: limit))
    case .jpeg: JPEGFile.info(try JPEGHeader(bytes, path: name))
    case .webp: WebPFile.info(try WebPHeader(bytes, path: name))
    case .tiff: TIFFFile.info(try TIFFHeader(bytes, path: name))
    }
  }

  /// The text entries of an image; see ``text(of:limit:)``.
  ///
  /// - Throws: ``ImageFileError`` where there is no image or it is broken.
  public static func text(
    of bytes: [UInt8], named name: String = "the image", limit: ImageLimits = .default
  ) throws -> [(keyword: String, value: String)] {
    switch try format(of: bytes, name, limit) {
    case .png: try PNGFile.text(bytes, path: name, limit: limit)
    case .jpeg: JPEGFile.text(try JPEGHeader(bytes, path: name))
    case .webp: WebPFile.text(try WebPHeader(bytes, path: name))
    case .tiff: []
    }
  }

  /// Encodes an image, as grey where it is grey.
  ///
  /// - Parameters:
  ///   - image: the image; as PNG, one with a deep grey plane has 16 bits.
  ///   - format: of the bytes: PNG, JPEG or WebP.
  ///   - text: entries to store with it. Keywords have 1 to 79 ASCII characters; values may be any text without zeros.
  ///   - quality: of a JPEG or WebP, 1 to 100; the colour of a JPEG keeps its full resolution from 90 on.
  ///   - name: what errors call the bytes.
  /// - Throws: ``ImageFileError`` where the text or the size of the image does not allow it.
  public static func encode(
    _ image: Image, as format: ImageFileInfo.Format, text: [(keyword: String, value: String)] = [], quality: Int = 92,
    named name: String = "the image"
  ) throws -> Data {
    for entry in text { try check(entry, path: name) }
    return switch format {
    case .png: try PNGFile.encode(image, text: text, path: name)
    case .jpeg: try JPEGFile.encode(image, text: text, quality: quality, path: name)
    case .webp: try WebPFile.encode(image, text: text, quality: quality, path: name)
    case .tiff:
      throw ImageFileError.unwritable(
        path: name, reason: "\(format.rawValue) is read but not written, take PNG, JPEG or WebP")
    }
  }

  /// The format that the ending of a path asks for.
  static func format(ofName path: String) throws(ImageFileError) -> ImageFileInfo.Format {
    let fileExtension = URL(fileURLWithPath: path).pathExtension
    switch fileExtension.lowercased() {
    case "png": return .png
    case "jpg", "jpeg": return .jpeg
    case "webp": return .webp
    default:
      throw .unknownExtension(path: path, found: fileExtension.isEmpty ? "no extension" : ".\(fileExtension)")
    }
  }

  private static func format(
    of bytes: [UInt8], _ name: String, _ limit: ImageLimits
  ) throws(ImageFileError) -> ImageFileInfo.Format {
    guard bytes.count <= limit.bytes else {
      throw .tooLarge(path: name, found: "has \(bytes.count) bytes", expected: "at most \(limit.bytes)")
    }
    guard let format = FileSignature.format(of: bytes) else { throw FileSignature.refusal(of: bytes, path: name) }
    return format
  }

  /// Checks that a text entry can be stored.
  static func check(_ entry: (keyword: String, value: String), path: String) throws {
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
