import Foundation

/// Memory that a file is mapped to.
final class Mapping: Sendable {
  nonisolated(unsafe) let base: UnsafeRawPointer
  private let count: Int
  private let isFile: Bool

  /// The mapping of an open file that is not empty.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)`` where it cannot be mapped.
  static func of(_ descriptor: Int32, _ count: Int, path: String) throws(FileError) -> Mapping {
    guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw .unreadable(path: path, reason: FileError.systemReason)
    }
    return Mapping(address, count, isFile: true)
  }

  /// Takes over memory that was mapped, from a file or not.
  init(_ address: UnsafeMutableRawPointer, _ count: Int, isFile: Bool = false) {
    base = UnsafeRawPointer(address)
    self.count = count
    self.isFile = isFile
  }

  /// Gives back the pages that have been read. Nothing is written to a mapped file, so that nothing is lost.
  func forget() {
    if isFile { madvise(UnsafeMutableRawPointer(mutating: base), count, MADV_DONTNEED) }
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: base), count) }
}
