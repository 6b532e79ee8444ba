import Foundation

/// Reads a file line by line. Memory is bounded by the longest line that is taken, however long the lines are.
package struct LineReader: ~Copyable {
  /// A line, without its line feed.
  package enum Line: Equatable {
    /// Its bytes.
    case bytes([UInt8])
    /// It has more bytes than are taken; they were passed over.
    case tooLong
  }

  /// Where the file is.
  package let path: String
  /// The size of the file in bytes when it was opened.
  package let size: Int
  /// The number of bytes of the lines that were read so far.
  package private(set) var bytesRead = 0
  private let maxBytes: Int
  private let descriptor: Int32
  private var chunk = [UInt8](repeating: 0, count: 1 << 18)
  /// The bytes of the chunk that were read and not yet given.
  private var rest = 0..<0

  /// Opens a regular file.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - maxBytes: the most bytes of a line.
  /// - Throws: ``FileError/unreadable(path:reason:)``.
  package init(_ path: String, maxBytes: Int) throws(FileError) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: FileError.systemReason) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    self.path = path
    self.maxBytes = maxBytes
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The next line; nil behind the last one. The last one needs no line feed.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)``.
  package mutating func next() throws(FileError) -> Line? {
    var line: [UInt8] = [], isTooLong = false, isBegun = false
    while true {
      if rest.isEmpty { try fill() }
      guard !rest.isEmpty else { break }
      isBegun = true
      let end = lineFeed()
      let part = rest.lowerBound..<(end ?? rest.upperBound)
      rest = (end.map { $0 + 1 } ?? rest.upperBound)..<rest.upperBound
      bytesRead += part.count + (end == nil ? 0 : 1)
      isTooLong = isTooLong || line.count + part.count > maxBytes
      if isTooLong { line = [] } else { line += chunk[part] }
      if end != nil { break }
    }
    return isBegun ? (isTooLong ? .tooLong : .bytes(line)) : nil
  }

  /// Where the next line feed of the chunk is; nil for none.
  private func lineFeed() -> Int? {
    chunk.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + rest.lowerBound, 0x0a, rest.count) else {
        return nil
      }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Reads the next chunk; nothing is left at the end of the file.
  private mutating func fill() throws(FileError) {
    var count = -1
    repeat {
      count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    guard count >= 0 else { throw .unreadable(path: path, reason: FileError.systemReason) }
    rest = 0..<count
  }
}
