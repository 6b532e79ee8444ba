import Foundation

extension ImageFile {
  /// Whether a file is a picture by its content, or means to be one by its name.
  public static func isPicture(_ path: String) -> Bool {
    if extensions.contains(URL(fileURLWithPath: path).pathExtension.lowercased()) { return true }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let start = [UInt8]((try? file.read(upToCount: FileSignature.png.count)) ?? Data())
    return start.starts(with: FileSignature.png) || start.starts(with: FileSignature.jpeg)
  }

  /// Checks before long work that a picture can be written to a path: its ending is known and its folder is there.
  ///
  /// - Throws: ``ImageFileError``.
  public static func requireWritable(_ path: String) throws(ImageFileError) {
    let url = URL(fileURLWithPath: path)
    guard extensions.contains(url.pathExtension.lowercased()) else {
      let found = url.pathExtension.isEmpty ? "no extension" : ".\(url.pathExtension)"
      throw .unknownExtension(path: path, found: found)
    }
    let folder = url.deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw .unwritable(path: path, reason: "there is no folder \(folder) that can be written to")
    }
  }

  private static let extensions: Set = ["png", "jpg", "jpeg"]
}
