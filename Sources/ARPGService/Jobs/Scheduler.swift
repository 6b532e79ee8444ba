import ARPG
import ARPGImageFiles
import ARPGTensor
import Dispatch
import Foundation
import Synchronization

/// Makes the images of jobs, one batch after the other, on a thread of its own that is none of the cooperative pool.
final class Scheduler: Sendable {
  private let queue: JobQueue
  private let catalog: ModelCatalog
  private let limits: ServiceLimits
  private let results: ResultStore
  private let meters: ServiceMeters
  private let report: @Sendable (Job, any Error) -> Void
  private let wakeUp = DispatchSemaphore(value: 0)
  private let isStopped = Atomic(false)

  /// - Parameter report: is told of errors that are not the requests' fault.
  init(
    _ queue: JobQueue, _ catalog: ModelCatalog, _ limits: ServiceLimits, _ results: ResultStore,
    _ meters: ServiceMeters,
    report: @escaping @Sendable (Job, any Error) -> Void
  ) {
    self.queue = queue
    self.catalog = catalog
    self.limits = limits
    self.results = results
    self.meters = meters
    self.report = report
    let thread = Thread { [weak self] in self?.work() }
    thread.name = "arpg-scheduler"
    thread.stackSize = 1 << 23
    thread.start()
  }

  /// Looks at the queue again.
  func wake() { wakeUp.signal() }

  /// Ends the thread behind the step that is being taken; jobs that are not finished are cancelled.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    for job in queue.waiting + queue.running { job.cancel() }
    wake()
  }

  private func work() {
    var prepared: [String: PreparedJob] = [:]
    while true {
      while let batch = nextBatch(&prepared) { make(batch) }
      if isStopped.load(ordering: .relaxed) { return }
      wakeUp.wait()
      // Requests that are sent together do not arrive in one moment.
      usleep(Self.gatheringMicroseconds)
    }
  }

  /// How long an idle scheduler waits for more requests after the first.
  private static let gatheringMicroseconds: UInt32 = 8000

  /// What is made next: images of the first job, and of those behind it as long as they can be made together with it. None is made
  /// before one that came earlier, so that nobody waits for more than the images before his own.
  private func nextBatch(_ prepared: inout [String: PreparedJob]) -> JobBatch? {
    prepared = prepared.filter { !$0.value.job.status.state.isEnd }
    prepare(&prepared)
    var places: [(job: PreparedJob, index: Int)] = [], room = limits.batch
    for job in queue.waiting {
      do {
        if job.isCancelled { throw CancellationError() }
        let ready = try prepared[job.id] ?? PreparedJob(job, catalog.load(job.model), limits)
        prepared[job.id] = ready
        guard let shape = ready.shape, places.allSatisfy({ $0.job.goesTogether(with: ready) }) else {
          if !places.isEmpty { break }
          guard case .edit(let edit) = ready.content else { break }
          let batch = try JobBatch(ready, edit: edit)
          begin(ready, through: ready.total, &prepared)
          return batch
        }
        room = min(room, shape.batchSize)
        let end = min(ready.total, ready.begun + room - places.count)
        places += (ready.begun..<end).map { (ready, $0) }
        if end < ready.total || places.count == room { break }
      } catch {
        prepared[job.id] = nil
        end(job, ServiceError(preparing: error), error)
      }
    }
    guard !places.isEmpty else { return nil }
    do {
      let batch = try JobBatch(places)
      for job in batch.jobs { begin(job, through: job.begun + places.count { $0.job === job }, &prepared) }
      return batch
    } catch {
      for place in places { end(place.job.job, ServiceError(preparing: error), error) }
      return nil
    }
  }

  /// Reads and encodes the controls of the next jobs where there are several of one model, each of them on a thread of its own.
  private func prepare(_ prepared: inout [String: PreparedJob]) {
    struct Outcome: @unchecked Sendable { let result: Result<PreparedJob, any Error> }
    let waiting = queue.waiting.prefix(limits.batch)
    guard let model = waiting.first?.model else { return }
    let next = waiting.filter { $0.model === model && prepared[$0.id] == nil && !$0.isCancelled }
    // What keeps the model from being loaded is told of each job by itself.
    guard next.count > 1, let loaded = try? catalog.load(model) else { return }
    let outcomes = Parallel.map(next.count) { [limits] index in
      Outcome(result: Result { try PreparedJob(next[index], loaded, limits) })
    }
    for (job, outcome) in zip(next, outcomes) {
      switch outcome.result {
      case .success(let ready): prepared[job.id] = ready
      case .failure(let error): end(job, ServiceError(preparing: error), error)
      }
    }
  }

  private func begin(_ job: PreparedJob, through end: Int, _ prepared: inout [String: PreparedJob]) {
    job.begun = end
    if end == job.total { prepared[job.job.id] = nil }
    queue.start(job.job, isWhollyBegun: end == job.total)
  }

  /// Makes the images of a batch.
  private func make(_ batch: JobBatch) {
    let begun = ContinuousClock.now
    do {
      while let event = try batch.next() {
        try endCancelled(in: batch)
        switch event {
        case .step(let step): try told(step, batch)
        case .image(let image): try keep(image)
        }
      }
    } catch {
      for job in batch.jobs { end(job.job, ServiceError(running: error), error) }
    }
    meters.batch(images: batch.count, seconds: begun.duration(to: .now).seconds)
  }

  /// Ends the jobs that were cancelled.
  ///
  /// - Throws: `CancellationError` where nobody wants an image of the batch any more.
  private func endCancelled(in batch: JobBatch) throws {
    let cancelled = batch.jobs.filter(\.job.isCancelled)
    if cancelled.count == batch.jobs.count { throw CancellationError() }
    for job in cancelled where !job.job.status.state.isEnd {
      batch.giveUp(job)
      end(job.job, .cancelled)
    }
  }

  private func told(_ step: JobBatch.Step, _ batch: JobBatch) throws {
    meters.step()
    for job in batch.jobs {
      let here = batch.places.filter { $0.job === job }.count, tokens = job.pipeline.model.layout.tokens
      let done = (Double(job.finished) + Double(here) * step.progress) * Double(tokens)
      job.job.step(done: Int(done.rounded()), total: job.total * tokens)
    }
    for job in batch.jobs where job.job.wantsPreview(ofStep: step.number, isCheap: job.previews.isCheap) {
      try job.previews.measure {
        for (place, owner) in batch.places.enumerated() where owner.job === job {
          job.job.preview(index: owner.index, try step.preview(place), step: step.number)
        }
      }
    }
  }

  private func keep(_ image: JobBatch.Finished) throws {
    let prepared = image.job, job = prepared.job, number = job.request.number + image.number
    let text = try prepared.record.text(element: image.element, number: number)
    let file = try ImageFile.encode(image.image, as: .png, text: text)
    let index = prepared.index(element: image.element, number: image.number)
    try results.add(file, job: job.id, index: index)
    prepared.finished += 1
    job.finish(
      JobImage(
        index: index, size: ImageSize(width: image.image.width, height: image.image.height), seed: job.request.seed,
        number: number, parameters: try prepared.record.json(element: image.element, number: number)))
    if prepared.finished == prepared.total { end(job, .finished) }
  }

  private func end(_ job: Job, _ state: JobStatus.State) {
    queue.remove(job)
    job.end(state)
    meters.job(job.status)
  }

  private func end(_ job: Job, _ told: ServiceError, _ error: any Error) {
    queue.remove(job)
    if told.kind == .failed { report(job, error) }
    job.end(told.kind == .cancelled ? .cancelled : .failed, error: told.kind == .cancelled ? nil : told)
    results.remove(job: job.id, count: job.status.count)
    meters.job(job.status)
  }
}
