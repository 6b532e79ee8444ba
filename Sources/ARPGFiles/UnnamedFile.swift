import Foundation

/// A file without a name in a folder: bytes are appended, then copied elsewhere. It is gone with the process, however that
/// ends.
package final class UnnamedFile {
  /// Its length in bytes.
  package private(set) var count = 0
  private let path: String
  private let descriptor: Int32

  private static let partSize = 1 << 20

  /// Makes a file beside another, on whose disk there must be room for both.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``, which names the other file.
  package init(beside path: String) throws(FileError) {
    self.path = path
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: FileError.systemReason) }
    unlink(temporary)
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  package func append(_ bytes: some ContiguousBytes) throws {
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw FileError.unwritable(path: path, reason: FileError.systemReason) }
        rest = rest.dropFirst(written)
      }
      count += bytes.count
    }
  }

  /// Appends all bytes to a file, a mebibyte at a time.
  ///
  /// - Throws: ``FileError``.
  package func copy(to file: inout AtomicFile) throws(FileError) {
    var part = [UInt8](repeating: 0, count: Self.partSize)
    var position = 0
    while position < count {
      let read = pread(descriptor, &part, part.count, off_t(position))
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { throw .unreadable(path: path, reason: FileError.systemReason) }
      try file.append(part[..<read])
      position += read
    }
  }
}
