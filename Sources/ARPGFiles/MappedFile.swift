import Foundation

/// A regular file mapped into memory for reading, or bytes that came another way; unmapped with the last reference.
public final class MappedFile: Sendable {
  /// Where the file is.
  public let path: String
  private let mapping: Mapping?
  /// The size in bytes when it was opened.
  public let count: Int

  /// Maps a file.
  ///
  /// - Throws: ``FileError`` where it is missing, unreadable, not a regular file, or larger than `maxBytes` bytes.
  public init(_ path: String, maxBytes: Int = .max) throws(FileError) {
    self.path = path
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: FileError.systemReason) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, reason: FileError.systemReason) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .unreadable(path: path, reason: isFolder ? "it is a folder" : "it is not a regular file")
    }
    count = Int(status.st_size)
    guard count <= maxBytes else { throw .tooLarge(path: path, bytes: count, maxBytes: maxBytes) }
    mapping = count > 0 ? try Mapping.of(descriptor, count, path: path) : nil
  }

  /// Copies bytes.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)`` where there is not enough memory.
  package init(copying bytes: [UInt8], named name: String) throws(FileError) {
    path = name
    count = bytes.count
    guard count > 0 else {
      mapping = nil
      return
    }
    guard let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      address != MAP_FAILED
    else { throw .unreadable(path: name, reason: FileError.systemReason) }
    address.copyMemory(from: bytes, byteCount: count)
    mapping = Mapping(address, count)
  }

  /// Calls `body` with the bytes, which stay where they are as long as the object lives.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(start: mapping?.base, count: count)) }
  }

  /// Gives back the memory of what has been read; what is needed again is read again, mostly from the system's cache.
  package func forget() { mapping?.forget() }
}
