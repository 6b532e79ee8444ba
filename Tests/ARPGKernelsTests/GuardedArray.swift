import Foundation

/// Elements that end where readable memory ends, so that a kernel that goes past the last one is stopped at once.
final class GuardedArray<Element: BitwiseCopyable> {
  let pointer: UnsafeMutablePointer<Element>
  private let count: Int
  private let pages: UnsafeMutableRawPointer
  private let size: Int

  init(_ values: [Element]) {
    let page = Int(getpagesize())
    let bytes = values.count * MemoryLayout<Element>.stride
    let readable = (bytes + page - 1) / page * page
    size = readable + page
    count = values.count
    guard let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0) else {
      preconditionFailure("no memory for \(size) bytes")
    }
    precondition(mprotect(pages + readable, page, PROT_NONE) == 0, "the page after the elements cannot be closed")
    self.pages = pages
    pointer = (pages + (readable - bytes)).bindMemory(to: Element.self, capacity: values.count)
    pointer.initialize(from: values, count: values.count)
  }

  deinit { munmap(pages, size) }

  var values: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}

extension GuardedArray where Element == Float {
  /// The bits of every element, with one pattern for all that are not numbers unless they are kept.
  func bits(keepNaN: Bool) -> [UInt32] { values.map { $0.isNaN && !keepNaN ? 0x7fc0_0000 : $0.bitPattern } }
}
