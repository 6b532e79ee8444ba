import Foundation
import Synchronization

/// Memory that a file is mapped to, shared by all who have it open.
final class Mapping: Sendable {
  nonisolated(unsafe) let base: UnsafeRawPointer
  private let count: Int
  private let isFile: Bool

  /// What tells a file, and its content, from others.
  private struct Identity: Hashable {
    let device, inode, size, seconds, nanoseconds: Int

    init(_ status: stat) {
      #if os(Linux)
        let changed = status.st_ctim
      #else
        let changed = status.st_ctimespec
      #endif
      (device, inode, size) = (Int(status.st_dev), Int(status.st_ino), Int(status.st_size))
      (seconds, nanoseconds) = (Int(changed.tv_sec), Int(changed.tv_nsec))
    }
  }

  private struct Reference {
    weak var mapping: Mapping?
  }

  private static let all = Mutex<[Identity: Reference]>([:])

  /// The mapping of an open file that is not empty.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)`` where it cannot be mapped.
  static func of(_ descriptor: Int32, _ status: stat, path: String) throws(FileError) -> Mapping {
    let identity = Identity(status)
    if let mapping = all.withLock({ $0[identity]?.mapping }) { return mapping }
    guard let address = mmap(nil, identity.size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw .unreadable(path: path, reason: FileError.systemReason)
    }
    let mapping = Mapping(address, identity.size, isFile: true)
    all.withLock { table in
      table = table.filter { $0.value.mapping != nil }
      table[identity] = Reference(mapping: mapping)
    }
    return mapping
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
