import ARPGFiles
import ARPGImages
import Foundation

/// Whole files: read within a limit, written so that they are complete or not there.
enum FileBytes {
  static func read(_ path: String, limit: ImageLimits) throws -> [UInt8] {
    try map(path, limit: limit).withBytes { [UInt8]($0) }
  }

  /// The bytes of a regular file of a size within the limit.
  ///
  /// - Throws: ``ImageFileError``.
  static func map(_ path: String, limit: ImageLimits) throws -> MappedFile {
    let attributes: [FileAttributeKey: Any]
    do {
      attributes = try FileManager.default.attributesOfItem(
        atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    } catch {
      guard FileManager.default.fileExists(atPath: path) else { throw ImageFileError.missing(path: path) }
      throw ImageFileError.unreadable(path: path, reason: FileError.reason(of: error))
    }
    let type = attributes[.type] as? FileAttributeType
    guard type != .typeDirectory else { throw ImageFileError.notAFile(path: path, found: "a folder") }
    guard type == .typeRegular else { throw ImageFileError.notAFile(path: path, found: "a device or a pipe") }
    let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
    guard size <= limit.bytes else {
      throw ImageFileError.tooLarge(path: path, found: "has \(size) bytes", expected: "at most \(limit.bytes)")
    }
    do {
      return try MappedFile(path)
    } catch {
      guard case .unreadable(_, let reason) = error else { throw error }
      throw ImageFileError.unreadable(path: path, reason: reason.lowercased())
    }
  }

  static func write(_ bytes: Data, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw ImageFileError.unwritable(path: path, reason: "there is no folder \(folder)")
    }
    do {
      try AtomicFile.write(bytes, to: path)
    } catch FileError.unwritable(_, let reason) {
      throw ImageFileError.unwritable(path: path, reason: reason)
    }
  }
}
