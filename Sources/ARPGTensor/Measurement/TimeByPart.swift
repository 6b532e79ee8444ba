import Synchronization

/// Where the time of operations goes, and how much work they are. Off unless something is recorded, at the cost of one
/// relaxed load an operation.
///
/// Time is that of the thread that calls an operation: it waits for those that help. An operation within another one, or
/// beside one on another thread, counts as part of it, so that the parts together take no more time than the whole.
package enum TimeByPart {
  /// Kinds of operations.
  package enum Part: String, CaseIterable, Sendable {
    /// Products of rows with matrices of weights, but for those of the head.
    case products
    /// Attention, the turns of queries and keys, and the growth of the cache.
    case attention
    /// Norms of rows, activations, sums.
    case norms = "norms_and_activations"
    /// The output layer of a decoder.
    case head
    /// Guidance, filters and draws of codes.
    case drawing
    /// Convolutions.
    case convolutions
    /// Norms of groups of channels, with their activations.
    case groupNorms = "group_norms"
  }

  /// What was recorded.
  package struct Record: Sendable {
    /// The seconds of everything.
    package fileprivate(set) var whole = 0.0
    /// The seconds of each part; nothing for one that did not occur.
    package fileprivate(set) var parts: [Part: Double] = [:]
    /// The bytes of the weights of all products and convolutions; each of them reads its weights once, whatever rows it has.
    package fileprivate(set) var weightBytes = 0
    /// The multiplications and additions of products, and of convolutions as direct ones.
    package fileprivate(set) var operations = 0

    /// The seconds of what is no part.
    package var other: Double { max(0, whole - parts.values.reduce(0, +)) }
  }

  /// A stretch of time that belongs to a part.
  package struct Span {
    fileprivate let begun: (part: Part, at: ContinuousClock.Instant)?

    /// Ends the stretch.
    package func end() {
      guard let begun else { return }
      let duration = (ContinuousClock.now - begun.at).seconds
      record.withLock { $0.parts[begun.part, default: 0] += duration }
      _ = phase.compareExchange(expected: .measuring, desired: .waiting, ordering: .releasing)
    }
  }

  private enum Phase: UInt8, AtomicRepresentable {
    case off, waiting, measuring
  }

  private static let phase = Atomic(Phase.off)
  private static let record = Mutex(Record())

  /// Begins a stretch of time; to be ended in any case.
  package static func begin(_ part: Part) -> Span {
    guard phase.load(ordering: .relaxed) == .waiting,
      phase.compareExchange(expected: .waiting, desired: .measuring, ordering: .acquiring).exchanged
    else { return Span(begun: nil) }
    return Span(begun: (part, .now))
  }

  /// Counts weights that are read once, and operations with them.
  package static func count(weightBytes: Int, operations: Int) {
    guard phase.load(ordering: .relaxed) != .off else { return }
    record.withLock {
      $0.weightBytes += weightBytes
      $0.operations += operations
    }
  }

  /// Runs `body` and records its operations. Traps where something is recorded already.
  package static func recording<Value>(_ body: () throws -> Value) rethrows -> (value: Value, record: Record) {
    record.withLock { $0 = Record() }
    let isFirst = phase.compareExchange(expected: .off, desired: .waiting, ordering: .releasing).exchanged
    precondition(isFirst, "two recordings at once")
    defer { phase.store(.off, ordering: .relaxed) }
    let begun = ContinuousClock.now
    let value = try body()
    let whole = (ContinuousClock.now - begun).seconds
    return (
      value,
      record.withLock {
        $0.whole = whole
        return $0
      }
    )
  }
}
