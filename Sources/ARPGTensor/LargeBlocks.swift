import Foundation
import Synchronization

/// Blocks of memory that are so large that malloc maps each anew. The first write to fresh memory costs more than most operations, so that
/// the last few that were given back wait for others of their size.
enum LargeBlocks {
  /// From this size on malloc maps memory, in bytes.
  static let leastSize = 1 << 25
  private static let hugePage = 1 << 21
  /// The most bytes that wait.
  private static let mostWaiting = 3 << 26

  private struct Block: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let bytes: Int
  }

  /// The oldest first.
  private static let waiting = Mutex<[Block]>([])

  /// A block of some bytes, not initialised.
  static func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    let found = waiting.withLock { blocks in
      blocks.lastIndex { $0.bytes == bytes }.map { blocks.remove(at: $0) }
    }
    if let found { return found.memory }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: hugePage)
    #if os(Linux)
      madvise(memory, bytes / hugePage * hugePage, MADV_HUGEPAGE)
    #endif
    return memory
  }

  /// Takes a block back.
  static func give(_ memory: UnsafeMutableRawPointer, _ bytes: Int) {
    let old = waiting.withLock { blocks in
      blocks.append(Block(memory: memory, bytes: bytes))
      var sum = blocks.reduce(0) { $0 + $1.bytes }
      var old: [Block] = []
      while sum > mostWaiting {
        old.append(blocks.removeFirst())
        sum -= old[old.count - 1].bytes
      }
      return old
    }
    for block in old { block.memory.deallocate() }
  }
}
