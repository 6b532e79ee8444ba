import ARPGKernels
import Foundation
import Synchronization

/// Threads that share out loops. Between two loops that follow each other closely a thread waits awake: a decoder's products are so
/// short that falling asleep and being woken would take a good part of their time.
///
/// One loop at a time; whoever comes meanwhile is told to go another way. The thread that asks takes part, and does all of the work
/// where the others come late.
final class WorkerPool: @unchecked Sendable {
  static let shared = WorkerPool()

  /// What there is to do, in one word, so that nobody takes a piece of a loop that has ended: the number of the loop in the upper half,
  /// then its pieces, and how many of them are taken.
  private let state = Atomic<UInt64>(0)
  /// The pieces that are not done yet.
  private let unfinished = Atomic(0)
  private let isTaken = Atomic(false)
  private let sleepers = Atomic(0)
  private let condition = NSCondition()
  /// The loop's body. Read by those alone who have taken a piece that is not done, written when there is none.
  private var body: UnsafePointer<(Int) -> Void>?
  /// The threads there are, beside those that ask.
  private var threads = 0

  /// How often a thread looks for work, some 30 microseconds, before it falls asleep.
  private static let looks = 1500
  private static let mostPieces = 1 << 16 - 1

  /// Calls `body` once for each of `0..<pieces`, on several threads, and returns when all are done.
  ///
  /// - Returns: false, with nothing done, where the threads are at work already.
  func run(_ pieces: Int, _ body: (Int) -> Void) -> Bool {
    guard pieces <= Self.mostPieces,
      isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    defer { isTaken.store(false, ordering: .releasing) }
    addThreads(upTo: pieces - 1)
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        self.body = pointer
        unfinished.store(pieces, ordering: .relaxed)
        let loop = (state.load(ordering: .relaxed) >> 32 &+ 1) & 0xffff_ffff
        state.store(loop << 32 | UInt64(pieces) << 16, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
          condition.lock()
          condition.broadcast()
          condition.unlock()
        }
        work(on: loop)
        var waits = 0
        while unfinished.load(ordering: .acquiring) > 0 {
          arpg_relax()
          waits += 1
          // The thread that is still at work may need this core.
          if waits > Self.looks { sched_yield() }
        }
        self.body = nil
      }
    }
    return true
  }

  /// Takes pieces of a loop until there is none left.
  private func work(on loop: UInt64) {
    while let piece = take(of: loop) {
      call(piece)
      unfinished.subtract(1, ordering: .acquiringAndReleasing)
    }
  }

  /// In a function of its own, so that nothing of the body is held when the piece is done.
  @inline(never) private func call(_ piece: Int) { body?.pointee(piece) }

  private func take(of loop: UInt64) -> Int? {
    var word = state.load(ordering: .acquiring)
    while word >> 32 == loop, word & 0xffff < word >> 16 & 0xffff {
      let (exchanged, found) = state.weakCompareExchange(
        expected: word, desired: word + 1, ordering: .acquiringAndReleasing)
      if exchanged { return Int(word & 0xffff) }
      word = found
    }
    return nil
  }

  private func addThreads(upTo count: Int) {
    while threads < count {
      threads += 1
      let thread = Thread { self.serve() }
      thread.name = "arpg-worker"
      thread.stackSize = 4 << 20
      thread.qualityOfService = .userInitiated
      thread.start()
    }
  }

  /// What each thread does as long as the process lives.
  private func serve() {
    var last = UInt64(0)
    while true {
      let loop = next(after: last)
      work(on: loop)
      last = loop
    }
  }

  /// Waits for another loop: awake for a while, then asleep.
  private func next(after last: UInt64) -> UInt64 {
    for _ in 0..<Self.looks {
      let loop = state.load(ordering: .acquiring) >> 32
      if loop != last { return loop }
      arpg_relax()
    }
    condition.lock()
    defer { condition.unlock() }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .sequentiallyConsistent) }
    while true {
      let loop = state.load(ordering: .sequentiallyConsistent) >> 32
      if loop != last { return loop }
      condition.wait()
    }
  }
}
