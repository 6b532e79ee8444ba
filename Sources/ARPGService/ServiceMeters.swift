import Metrics

/// What a service counts, through swift-metrics: whoever runs it chooses where the numbers go.
struct ServiceMeters: Sendable {
  private let images = Counter(label: "arpg_images_total")
  private let steps = Counter(label: "arpg_steps_total")
  private let batches = Counter(label: "arpg_batches_total")
  private let batchSize = Recorder(label: "arpg_batch_images")
  private let batchSeconds = Recorder(label: "arpg_batch_seconds")
  private let jobSeconds = Recorder(label: "arpg_job_seconds")

  func step() { steps.increment() }

  func batch(images count: Int, seconds: Double) {
    images.increment(by: count)
    batches.increment()
    batchSize.record(count)
    batchSeconds.record(seconds)
  }

  func job(_ status: JobStatus) {
    Counter(label: "arpg_jobs_total", dimensions: [("state", status.state.rawValue)]).increment()
    if let seconds = status.seconds { jobSeconds.record(seconds) }
  }
}
