import ARPGFiles
import Foundation

extension ImageFile {
  /// Whether a file is an image by its content, or means to be one by its name.
  public static func isImage(_ path: String) -> Bool {
    if extensions.contains(URL(fileURLWithPath: path).pathExtension.lowercased()) { return true }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let start = [UInt8]((try? file.read(upToCount: FileSignature.length)) ?? Data())
    return FileSignature.format(of: start) != nil
  }

  /// Checks before long work that an image can be written to a path: its ending is known and its folder is there.
  ///
  /// - Throws: ``ImageFileError``.
  public static func requireWritable(_ path: String) throws(ImageFileError) {
    _ = try format(ofName: path)
    do { try AtomicFile.checkWritable(path) } catch {
      guard case .unwritable(_, let reason) = error else { return }
      throw .unwritable(path: path, reason: reason)
    }
  }

  /// The endings of the formats that are read, in lower case, the most usual first.
  public static let extensions = ["png", "jpg", "jpeg", "webp", "tif", "tiff"]
}
