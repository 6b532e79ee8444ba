import Foundation

/// A file that appears whole or not at all: it is written under a temporary name beside its own, then renamed.
public struct AtomicFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 20

  /// Writes a file; where `body` throws, nothing is left and a file of that name stays as it was.
  ///
  /// A link is followed, and a pipe or device is written to directly.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``, or what `body` throws.
  public static func write(to path: String, _ body: (inout AtomicFile) throws -> Void) throws {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists { try checkReplaceable(path, status) }
    if exists, status.st_mode & S_IFMT != S_IFREG { return try write(path, flags: O_WRONLY, body) }
    let target = exists ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
    let temporary = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    do {
      try write(temporary, flags: O_WRONLY | O_CREAT | O_EXCL, like: exists ? status : nil, body)
      guard rename(temporary, target) == 0 else {
        throw FileError.unwritable(path: path, reason: FileError.systemReason)
      }
    } catch {
      unlink(temporary)
      if case .unwritable(temporary, let reason) = error as? FileError {
        throw FileError.unwritable(path: path, reason: reason)
      }
      throw error
    }
  }

  /// Writes a file of the bytes given.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try write(to: path) { try $0.append(bytes) }
  }

  /// Writes a copy of a file.
  ///
  /// - Throws: ``FileError``.
  public static func copy(_ source: String, to path: String) throws {
    let file = try MappedFile(source)
    try write(to: path) { target in
      let error: FileError? = file.withBytes { bytes in
        do throws(FileError) { try target.append(bytes) } catch { return error }
        return nil
      }
      if let error { throw error }
    }
  }

  /// Checks before long work that a file can be written: its folder is there, and what has its name may be replaced.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public static func checkWritable(_ path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0 { try checkReplaceable(path, status) }
    guard status.st_mode & S_IFMT == 0 || status.st_mode & S_IFMT == S_IFREG else { return }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .unwritable(path: path, reason: "there is no folder \(folder)")
    }
    guard access(folder, W_OK) == 0, status.st_mode & 0o222 != 0 else {
      throw .unwritable(path: path, reason: "nothing can be written into the folder \(folder)")
    }
  }

  private static func checkReplaceable(_ path: String, _ status: stat) throws(FileError) {
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .unwritable(path: path, reason: "it is a folder") }
    guard access(path, W_OK) == 0, status.st_mode & 0o222 != 0 else {
      throw .unwritable(path: path, reason: "it is write-protected")
    }
  }

  private static func write(
    _ path: String, flags: Int32, like old: stat? = nil, _ body: (inout AtomicFile) throws -> Void
  ) throws {
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError.unwritable(path: path, reason: FileError.systemReason) }
    defer { close(descriptor) }
    if let old {
      // Who may read the file stays as it was; its owner, where the system lets that be.
      _ = fchown(descriptor, old.st_uid, old.st_gid)
      _ = fchmod(descriptor, old.st_mode & 0o7777)
    }
    var file = AtomicFile(path: path, descriptor: descriptor)
    try body(&file)
    try file.flush()
    // A disk may report that it is full only now. Pipes and devices have nothing to synchronise.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw FileError.unwritable(path: path, reason: FileError.systemReason)
    }
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public mutating func append(_ bytes: some Sequence<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Appends the bytes of a buffer, without copying them where there are many.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if buffer.count + bytes.count < Self.bufferSize {
      buffer.append(contentsOf: bytes)
    } else {
      try flush()
      try writeAll(bytes)
    }
  }

  private mutating func flush() throws(FileError) {
    let full = buffer
    buffer.removeAll(keepingCapacity: true)
    let error: FileError? = full.withUnsafeBytes { bytes in
      do throws(FileError) {
        try writeAll(bytes)
        return nil
      } catch {
        return error
      }
    }
    if let error { throw error }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw .unwritable(path: path, reason: FileError.systemReason) }
      rest = rest.dropFirst(written)
    }
  }
}
