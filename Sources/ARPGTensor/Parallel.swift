import ARPGKernels
import Dispatch
import Foundation
import Synchronization

/// Loops split over the processor's cores. A loop within a loop shares out what the outer one leaves of them.
public enum Parallel {
  private static let limit = Atomic(ProcessInfo.processInfo.activeProcessorCount)

  /// How many threads loops may use, at least 1. Set once, before work begins. Results do not depend on it.
  public static var threads: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Runs `body` so that its loops use at most some threads; nil for no other limit than ``threads``.
  package static func limited<Result>(to threads: Int?, _ body: () throws -> Result) rethrows -> Result {
    guard let threads else { return try body() }
    let before = arpg_thread_share()
    arpg_set_thread_share(max(1, min(threads, available)))
    defer { arpg_set_thread_share(before) }
    return try body()
  }

  /// How many threads a loop that begins here may use.
  private static var available: Int {
    let share = arpg_thread_share()
    return share > 0 ? Int(share) : threads
  }

  /// Calls `body` once on each of `workers` threads, whose own loops share what is left of the cores.
  private static func onThreads(_ workers: Int, _ body: @Sendable (Int) -> Void) {
    let share = max(1, available / workers)
    @Sendable func work(_ worker: Int) {
      let before = arpg_thread_share()
      arpg_set_thread_share(share)
      body(worker)
      arpg_set_thread_share(before)
    }
    if !WorkerPool.shared.run(workers, work) { DispatchQueue.concurrentPerform(iterations: workers, execute: work) }
  }

  /// Calls `body` for ranges that together cover `0..<count`, each at least `grain` long where possible, on several
  /// threads where there is enough work, and returns when all are done.
  public static func forRanges(_ count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let pieces = min(available, (count + grain - 1) / max(grain, 1))
    guard pieces > 1 else { return body(0..<count) }
    onThreads(pieces) { piece in body(piece * count / pieces..<(piece + 1) * count / pieces) }
  }

  /// Calls `body` for each of `0..<count`, in any order, on several threads where there is more than one; an idle
  /// thread takes the next index.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    forEach(count, scratch: 0) { index, _ in body(index) }
  }

  /// What `body` gives for each of `0..<count`, computed in any order as with ``forEach(_:_:)``.
  package static func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { values, initialized in
      nonisolated(unsafe) let values = values
      forEach(count) { values.initializeElement(at: $0, to: body($0)) }
      initialized = count
    }
  }

  /// As ``forEach(_:_:)`` with memory for `capacity` floats, not initialised, which a thread keeps from one index to the next.
  static func forEach(
    _ count: Int, scratch capacity: Int, _ body: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let workers = min(available, count)
    let next = Atomic(0)
    @Sendable func work(_ worker: Int) {
      let memory = TensorStorage(count: capacity)
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index, memory.base)
      }
    }
    if workers > 1 { onThreads(workers, work) } else { work(0) }
  }
}
