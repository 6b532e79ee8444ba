import Synchronization

/// The jobs that wait and run, in the order in which they came.
final class JobQueue: Sendable {
  private let state = Mutex(State())
  private let limit: Int
  private let pixelLimit: Int

  fileprivate struct State {
    var waiting: [Job] = []
    var running: [Job] = []
    var isClosed = false
  }

  /// A queue of at most so many images, and so many pixels of images that came with requests.
  init(limit: Int, pixels: Int) {
    self.limit = limit
    pixelLimit = pixels
  }

  /// Adds a job at the end.
  ///
  /// - Throws: ``ServiceError`` where the queue is full or closed.
  func append(_ job: Job, secondsPerImage: Double) throws(ServiceError) {
    let refusal: ServiceError? = state.withLock { state in
      if state.isClosed { return ServiceError(.unavailable, "the server is being stopped; try another one") }
      let images = state.waiting.map(\.request.count).reduce(0, +)
      let pixels = state.waiting.map(\.pixels).reduce(job.pixels, +)
      if !state.waiting.isEmpty, images + job.request.count > limit || pixels > pixelLimit {
        let seconds = max(1, Int((Double(images) * secondsPerImage).rounded(.up)))
        return ServiceError(
          .busy(retryAfter: seconds), "the queue is full: \(images) images wait; try again in \(seconds) s")
      }
      state.waiting.append(job)
      state.tellPositions()
      return nil
    }
    if let refusal { throw refusal }
  }

  /// The jobs that wait, those that are cancelled left out.
  var waiting: [Job] { state.withLock { $0.waiting } }
  /// The jobs that run.
  var running: [Job] { state.withLock { $0.running } }
  /// Whether nothing waits or runs.
  var isIdle: Bool { state.withLock { $0.waiting.isEmpty && $0.running.isEmpty } }

  /// Marks a job as one that runs; it waits on where not all of its images are begun.
  func start(_ job: Job, isWhollyBegun: Bool) {
    state.withLock { state in
      if isWhollyBegun { state.waiting.removeAll { $0 === job } }
      if !state.running.contains(where: { $0 === job }) { state.running.append(job) }
      state.tellPositions()
    }
    job.start()
  }

  /// Takes a job out.
  func remove(_ job: Job) {
    state.withLock { state in
      state.waiting.removeAll { $0 === job }
      state.running.removeAll { $0 === job }
      state.tellPositions()
    }
  }

  /// Whether it takes no more jobs.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Takes no more jobs.
  func close() { state.withLock { $0.isClosed = true } }
}

extension JobQueue.State {
  /// Tells the jobs that wait how many images are before them.
  fileprivate func tellPositions() {
    var images = running.map(\.request.count).reduce(0, +)
    for job in waiting {
      job.wait(at: images)
      images += job.request.count
    }
  }
}
