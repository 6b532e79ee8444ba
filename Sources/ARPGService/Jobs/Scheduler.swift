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
    }
  }

  /// What is made next.
  private func nextBatch(_ prepared: inout [String: PreparedJob]) -> JobBatch? {
    while let job = queue.waiting.first {
      do {
        if job.isCancelled { throw CancellationError() }
        let ready = try PreparedJob(job, catalog.load(job.model), limits)
        queue.start(job, isWhollyBegun: true)
        return try JobBatch(ready)
      } catch {
        end(job, ServiceError(preparing: error), error)
      }
    }
    return nil
  }

  /// Makes the images of a batch.
  private func make(_ batch: JobBatch) {
    let begun = ContinuousClock.now
    do {
      while let event = try batch.next() {
        switch event {
        case .step(let step): try told(step, batch)
        case .image(let image): try keep(image)
        }
      }
      for job in batch.jobs { end(job.job, .finished) }
    } catch {
      for job in batch.jobs { end(job.job, ServiceError(running: error), error) }
    }
    meters.batch(images: batch.count, seconds: begun.duration(to: .now).seconds)
  }

  private func told(_ step: JobBatch.Step, _ batch: JobBatch) throws {
    meters.step()
    for job in batch.jobs {
      if job.job.isCancelled { throw CancellationError() }
      job.job.step(done: step.done, total: step.total)
      guard job.job.wantsPreview(ofStep: step.number) else { continue }
      for (index, image) in try step.previews(job) { job.job.preview(index: index, image, step: step.number) }
    }
  }

  private func keep(_ image: JobBatch.Finished) throws {
    let job = image.job.job, number = job.request.number + image.image.number
    let record = image.job.record
    let file = try ImageFile.encode(
      image.image.image, as: .png, text: record.text(element: image.image.element, number: number))
    let index = image.job.index(element: image.image.element, number: image.image.number)
    try results.add(file, job: job.id, index: index)
    job.finish(
      JobImage(
        index: index, size: ImageSize(width: image.image.image.width, height: image.image.image.height),
        seed: job.request.seed, number: number,
        parameters: try record.json(element: image.image.element, number: number)))
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
