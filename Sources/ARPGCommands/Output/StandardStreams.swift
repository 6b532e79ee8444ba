import ArgumentParser
import Foundation

/// Standard output and standard error as they are: closed, full, or read by nobody.
enum StandardStreams {
  /// Makes the streams safe to use. A closed one is opened so that no other file takes its number; writing to standard output
  /// then fails, as it should.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes a message to standard error where that can be done: work goes on without it.
  static func message(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

  /// Writes a result to standard output.
  ///
  /// - Throws: where it cannot be written; without a word where the reader has gone, as `head` does.
  static func result(_ text: String) throws { try result(Array(text.utf8)) }

  /// Writes bytes to standard output.
  ///
  /// - Throws: as ``result(_:)-(String)``.
  static func result(_ bytes: [UInt8]) throws {
    guard let failure = write(bytes, to: STDOUT_FILENO) else { return }
    if failure == EPIPE { throw ExitCode(brokenPipe) }
    throw CommandError("standard output cannot be written: \(String(cString: strerror(failure)).lowercased())")
  }

  /// Reads standard input to its end.
  ///
  /// - Throws: where it is a terminal, cannot be read, or holds more bytes than allowed.
  static func input(maxBytes: Int) throws -> [UInt8] {
    guard isatty(STDIN_FILENO) == 0 else {
      throw CommandError("standard input is a terminal; expected an image: send one through a pipe, or name a file")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandError("standard input cannot be read: \(String(cString: strerror(errno)).lowercased())")
      }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= maxBytes else {
        throw CommandError("standard input has more than \(maxBytes) bytes; expected an image of fewer")
      }
      bytes += chunk[..<count]
    }
  }

  /// What shells report for a process that SIGPIPE ended.
  private static let brokenPipe: Int32 = 141

  /// Writes all bytes, or gives the number of the error.
  private static func write(_ bytes: [UInt8], to stream: Int32) -> Int32? {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(stream, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = rest.dropFirst(count)
      }
      return nil
    }
  }
}
