import Dispatch
import Foundation
import Synchronization

/// Loops split over the processor's cores.
public enum Parallel {
  private static let limit = Atomic(ProcessInfo.processInfo.activeProcessorCount)

  /// How many threads loops may use, at least 1. Set once, before work begins. Results do not depend on it.
  public static var threads: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Calls `body` for ranges that together cover `0..<count`, each at least `grain` long where possible, on several
  /// threads where there is enough work, and returns when all are done.
  public static func forRanges(_ count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let pieces = min(threads, (count + grain - 1) / max(grain, 1))
    guard pieces > 1 else { return body(0..<count) }
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      body(piece * count / pieces..<(piece + 1) * count / pieces)
    }
  }

  /// Calls `body` for each of `0..<count`, in any order, on several threads where there is more than one; an idle
  /// thread takes the next index.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// The same with memory for `capacity` floats, not initialised, which a thread keeps from one index to the next.
  static func forEach(
    _ count: Int, scratch capacity: Int, _ body: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let workers = min(threads, count)
    let next = Atomic(0)
    @Sendable func work() {
      let memory = TensorStorage(count: capacity)
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index, memory.base)
      }
    }
    if workers > 1 {
      DispatchQueue.concurrentPerform(iterations: workers) { _ in work() }
    } else {
      work()
    }
  }
}
