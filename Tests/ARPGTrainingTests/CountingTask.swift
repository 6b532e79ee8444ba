import ARPGTensor
import ARPGTraining
import Synchronization

/// Learns nothing, and notes which samples it was given.
struct CountingTask: TrainingTask {
  final class Seen: Sendable {
    private let list = Mutex<[Int]>([])
    var values: [Int] { list.withLock { $0 } }
    func add(_ samples: [Int]) { list.withLock { $0 += samples } }
  }

  let seen = Seen()
  let sampleCount = 10
  func initialParameters(seed: UInt64) -> [String: Tensor] { [:] }
  func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) -> Objective {
    seen.add(batch.samples)
    return Objective(loss: Tensor(shape: [], values: [1]))
  }
  func writeModel(_ parameters: [String: Tensor], to folder: String) {}
}
