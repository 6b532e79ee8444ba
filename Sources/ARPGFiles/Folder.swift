import Foundation

/// Folders to write to.
package enum Folder {
  /// Makes a folder and those above it where they are missing.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  package static func make(_ path: String) throws(FileError) {
    var place = path.hasPrefix("/") ? "/" : ""
    for name in path.split(separator: "/") {
      place += place.isEmpty || place.hasSuffix("/") ? name : "/\(name)"
      if isFolder(place) || mkdir(place, 0o777) == 0 { continue }
      let error = errno
      // Another process may have made it.
      if isFolder(place) { continue }
      let reason = error == EEXIST ? "\(place) is a file, a folder is needed" : String(cString: strerror(error))
      throw .unwritable(path: path, reason: reason)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
