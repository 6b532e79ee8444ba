import ARPGTensor
import Foundation
import Synchronization
import Testing

@Suite("Loops shared out to threads")
struct ParallelTests {
  @Test("Every index is visited once, whatever the number of threads and of loops at once")
  func visits() async {
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          var isRight = true
          for round in 0..<200 {
            let count = (task * 37 + round * 11) % 90
            let visits = Parallel.map(count) { index in index * 3 }
            isRight = isRight && visits == (0..<count).map { $0 * 3 }
            let sum = Atomic(0)
            Parallel.limited(to: 1 + round % 4) {
              Parallel.forRanges(count, grain: 1) { range in sum.add(range.reduce(0, +), ordering: .relaxed) }
            }
            isRight = isRight && sum.load(ordering: .relaxed) == count * (count - 1) / 2
            // Long enough for threads to fall asleep, now and then.
            if round % 50 == 0 { usleep(2000) }
          }
          return isRight
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test("Loops within loops end, and visit every pair")
  func nested() {
    for _ in 0..<100 {
      let pairs = Atomic(0)
      Parallel.forRanges(6, grain: 1) { outer in
        for _ in outer {
          Parallel.forRanges(7, grain: 1) { inner in pairs.add(inner.count, ordering: .relaxed) }
        }
      }
      #expect(pairs.load(ordering: .relaxed) == 42)
    }
  }

  @Test("Memory that a loop's body holds is free when the loop has ended")
  func lifetime() {
    final class Held: Sendable {}
    weak var held: Held?
    for _ in 0..<200 {
      let object = Held()
      held = object
      Parallel.forRanges(4, grain: 1) { _ in _ = object }
    }
    #expect(held == nil)
  }

  @Test("Work beside its caller gives its value, or its error, as often as it is asked for")
  func background() throws {
    struct Failure: Error {}
    let works = (0..<20).map { index in
      Background { index % 3 == 0 ? try { throw Failure() }() : Parallel.map(index) { $0 }.reduce(0, +) }
    }
    for _ in 0..<2 {
      for (index, work) in works.enumerated() {
        if index % 3 == 0 {
          #expect(throws: Failure.self) { try work.value }
        } else {
          #expect(try work.value == index * (index - 1) / 2)
        }
      }
    }
  }
}
