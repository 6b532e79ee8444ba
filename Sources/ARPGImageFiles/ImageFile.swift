import ARPGFiles
import ARPGImages
import Foundation

/// Image files, and their bytes in memory: JPEG, PNG, WebP and TIFF, read by their content; JPEG and PNG, written by their name.
public enum ImageFile {
  /// Reads an image as it is to be seen: 8-bit RGB, alpha composed over white, the orientation applied. Of a TIFF, the first page.
  /// 16-bit grey keeps its precision in ``/ARPGImages/Image/deepGrey``; so does grey in floats, scaled to its own range there.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: what the image may ask for.
  ///   - note: is told what the user should know: rows that are missing, pages that are not read.
  /// - Throws: ``ImageFileError`` for anything but a whole image within the limits.
  public static func read(
    _ path: String, limit: ImageLimits = .default, note: (String) -> Void = { _ in }
  ) throws -> Image {
    try read(FileBytes.read(path, limit: limit), named: path, limit: limit, note: note)
  }

  /// Reads the headers of an image without decoding it.
  ///
  /// - Throws: ``ImageFileError`` where there is no image or its headers are broken.
  public static func info(of path: String, limit: ImageLimits = .default) throws -> ImageFileInfo {
    try info(of: FileBytes.read(path, limit: limit), named: path)
  }

  /// The text entries of an image, in the order of the file: PNG text chunks, or JPEG comments of the form
  /// `keyword: value` (other comments have the keyword `Comment`) and the comment of the EXIF block as `parameters`. None of
  /// WebP and TIFF.
  ///
  /// - Throws: ``ImageFileError`` where there is no image or it is broken.
  public static func text(of path: String, limit: ImageLimits = .default) throws -> [(keyword: String, value: String)] {
    try text(of: FileBytes.read(path, limit: limit), named: path, limit: limit)
  }

  /// Writes an image, as PNG, JPEG or WebP after the ending of the path (.png, .jpg, .jpeg, .webp), and as grey where it is grey.
  /// The file is complete or not there.
  ///
  /// - Parameters:
  ///   - image: the image; one with a deep grey plane becomes a 16-bit grey PNG.
  ///   - path: where to; an existing file is replaced.
  ///   - text: entries to store with it. Keywords have 1 to 79 ASCII characters; values may be any text without zeros. In a
  ///     JPEG, `parameters` becomes the comment of an EXIF block.
  ///   - quality: of a JPEG, 1 to 100; colour keeps its full resolution from 90 on.
  /// - Throws: ``ImageFileError`` where the path, the text or the place does not allow it.
  public static func write(
    _ image: Image, to path: String, text: [(keyword: String, value: String)] = [], quality: Int = 92
  ) throws {
    let bytes = try encode(image, as: format(ofName: path), text: text, quality: quality, named: path)
    try FileBytes.write(bytes, to: path)
  }
}
