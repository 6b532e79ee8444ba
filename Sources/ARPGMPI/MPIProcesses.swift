import ARPGTensor
import COpenMPI

/// The processes that `mpirun` started together, over Open MPI.
public struct MPIProcesses: ProcessGroup {
  /// Which process this is, from 0.
  public let rank: Int
  /// How many there are.
  public let count: Int

  /// Joins the others. Once in the life of a process, before anything else.
  public init() {
    _ = arpg_mpi_start()
    rank = Int(arpg_mpi_rank())
    count = Int(arpg_mpi_count())
  }

  /// The values that one call of MPI takes; larger arrays are summed part by part.
  private static let longestMessage = 1 << 24

  /// Replaces the values by their sums over all processes.
  public func sum(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    for start in stride(from: 0, to: values.count, by: Self.longestMessage) {
      _ = arpg_mpi_sum(base + start, Int32(min(Self.longestMessage, values.count - start)))
    }
  }

  /// Waits until every process is here.
  public func wait() { _ = arpg_mpi_wait() }

  /// Ends all processes.
  public func abort(_ code: Int32) { _ = arpg_mpi_abort(code) }

  /// Takes leave of the others; the last call of a process that has not failed.
  public func finish() { _ = arpg_mpi_finish() }
}
