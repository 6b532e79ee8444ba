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

  /// Allocates `count` floats without initialising them.
  init(count: Int) {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let memory =
      bytes < LargeBlocks.leastSize
      ? UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64) : LargeBlocks.take(bytes)
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

  /// Keeps freed memory for the next tensors instead of giving it back to the system: right for a program that takes the same memory
  /// again and again. For the whole process.
  package static func keepFreedMemory() {
    arpg_keep_freed_memory(LargeBlocks.leastSize)
  }

  /// Gives memory back that nobody uses: between two parts of work that need much of it.
  package static func returnFreedMemory() { arpg_return_freed_memory() }

  deinit {
    guard owner == nil else { return }
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    if bytes < LargeBlocks.leastSize {
      UnsafeMutableRawPointer(base).deallocate()
    } else {
      LargeBlocks.give(UnsafeMutableRawPointer(base), bytes)
    }
  }
}
