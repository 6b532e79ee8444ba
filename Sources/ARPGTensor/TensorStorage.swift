import ARPGKernels
import Foundation

/// The memory behind a tensor: floats of its own, aligned to 64 bytes, or floats lent by an owner such as a mapped file.
///
/// Once a tensor has been handed out its values do not change; the exception is a key-value cache, which writes beyond
/// the rows that anyone has been shown.
public final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int
  private let owner: (any AnyObject & Sendable)?

  /// From this size on malloc maps memory anew each time. Such tensors ask for huge pages: the first write to each of
  /// many small ones costs more than the work.
  private static let mappedSize = 1 << 25
  private static let hugePage = 1 << 21

  /// Allocates `count` floats without initialising them.
  init(count: Int) {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let alignment = bytes < Self.mappedSize ? 64 : Self.hugePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
    #if os(Linux)
      if alignment == Self.hugePage { madvise(memory, bytes / Self.hugePage * Self.hugePage, MADV_HUGEPAGE) }
    #endif
    base = memory.assumingMemoryBound(to: Float.self)
    self.count = count
    owner = nil
  }

  /// Borrows floats that stay valid and unchanged as long as `owner` lives.
  init(borrowing floats: UnsafeBufferPointer<Float>, from owner: any AnyObject & Sendable) {
    base = UnsafeMutablePointer(mutating: floats.baseAddress ?? UnsafePointer(bitPattern: 64).unsafelyUnwrapped)
    count = floats.count
    self.owner = owner
  }

  /// Whether the memory is its own, and not lent.
  var isOwned: Bool { owner == nil }

  /// Keeps freed memory for the next tensors instead of giving it back to the system: right for training, which takes the
  /// same memory in every step.
  package static func keepFreedMemory() {
    arpg_keep_freed_memory(mappedSize)
  }

  deinit {
    if owner == nil { UnsafeMutableRawPointer(base).deallocate() }
  }
}
