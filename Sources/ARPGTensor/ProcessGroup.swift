/// Processes that share out one piece of work and start it with the same arguments.
///
/// Every process of a group makes the same calls in the same order: each of them waits for the others.
public protocol ProcessGroup: Sendable {
  /// Which process this is, from 0.
  var rank: Int { get }
  /// How many there are, at least 1.
  var count: Int { get }

  /// Replaces the values by their sums over all processes; all hold the same sums afterwards.
  func sum(_ values: UnsafeMutableBufferPointer<Float>)

  /// Waits until every process is here.
  func wait()

  /// Ends all processes, this one with an exit code: what a process that fails does, so that no other waits for it.
  func abort(_ code: Int32)

  /// Takes leave of the others; the last call of a process that has not failed.
  func finish()
}

extension ProcessGroup {
  /// Whether this is the process that writes files and reports.
  public var isFirst: Bool { rank == 0 }

  /// The part of `0..<total` that is this process's.
  public func share(of total: Int) -> Range<Int> { rank * total / count..<(rank + 1) * total / count }

  /// Whether something holds in any of the processes.
  public func any(_ condition: Bool) -> Bool {
    guard count > 1 else { return condition }
    var votes: [Float] = [condition ? 1 : 0]
    votes.withUnsafeMutableBufferPointer { sum($0) }
    return votes[0] > 0
  }
}

/// A process by itself.
public struct SingleProcess: ProcessGroup {
  /// The only process.
  public init() {}
  /// 0.
  public var rank: Int { 0 }
  /// 1.
  public var count: Int { 1 }
  /// Leaves the values as they are.
  public func sum(_ values: UnsafeMutableBufferPointer<Float>) {}
  /// Returns at once.
  public func wait() {}
  /// Returns: there is no other process to end.
  public func abort(_ code: Int32) {}
  /// Does nothing.
  public func finish() {}
}
