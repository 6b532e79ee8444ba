import ARPG
import ARPGTensor
import Foundation
import Synchronization

/// Images for many clients: a queue of jobs, the models that make them, and the results, kept for a while. What an interface
/// such as HTTP is put on.
public final class ImageService: Sendable {
  /// The models.
  public let catalog: ModelCatalog
  /// What a request may ask for.
  public let limits: ServiceLimits
  /// How long results are kept, in seconds.
  public let keepSeconds: Double

  private let queue: JobQueue
  private let results: ResultStore
  private let scheduler: Scheduler
  private let jobs = Mutex<[String: Job]>([:])
  /// How long an image took lately, in seconds; what clients are told to wait by.
  private let pace = Mutex(1.0)

  /// The most jobs whose results are kept.
  private static let mostKept = 1024

  /// A service.
  ///
  /// - Parameters:
  ///   - catalog: the models.
  ///   - limits: what a request may ask for.
  ///   - folder: where results are kept; nil keeps them in memory.
  ///   - keepSeconds: how long.
  ///   - report: is told of errors that are not the requests' fault.
  /// - Throws: ``ServiceError`` where the folder cannot be written to.
  public init(
    _ catalog: ModelCatalog, limits: ServiceLimits = ServiceLimits(), results folder: String? = nil,
    keepSeconds: Double = 3600, report: @escaping @Sendable (_ job: String, any Error) -> Void = { _, _ in }
  ) throws(ServiceError) {
    self.catalog = catalog
    self.limits = limits
    self.keepSeconds = keepSeconds
    queue = JobQueue(limit: limits.queue, pixels: limits.queuePixels)
    results = try ResultStore(folder: folder)
    scheduler = Scheduler(queue, catalog, limits, results, ServiceMeters()) { report($0.id, $1) }
    results.sweep(olderThan: keepSeconds)
  }

  /// Reads the default model, so that the first request need not wait for it.
  public func warmUp() throws { _ = try catalog.load(catalog.models[0]).pipeline(nil) }

  /// Queues a request.
  ///
  /// - Throws: ``ServiceError`` where the request cannot be served, or the queue is full.
  public func submit(_ request: ServiceRequest) throws(ServiceError) -> Job {
    let model = try catalog.model(named: request.model)
    try check(request, model)
    let job = Job(request, model)
    try queue.append(job, secondsPerImage: pace.withLock { $0 })
    jobs.withLock { $0[job.id] = job }
    scheduler.wake()
    forgetOld()
    return job
  }

  /// What can be told before anything is computed.
  private func check(_ request: ServiceRequest, _ model: ServedModel) throws(ServiceError) {
    do {
      guard 1...limits.count ~= request.count else {
        throw ServiceError(.unprocessable, "count is \(request.count); it takes 1 to \(limits.count)")
      }
      guard request.controls.count <= limits.controls else {
        throw ServiceError(
          .unprocessable, "the request has \(request.controls.count) controls; it takes \(limits.controls) at most")
      }
      let settings = request.settings.applied(to: model.folder.description.sampling)
      try settings.validate()
      guard settings.steps <= limits.steps else {
        throw ServiceError(.unprocessable, "steps is \(settings.steps); this server takes \(limits.steps) at most")
      }
      for control in request.controls.map(\.specification) {
        let adapter = try model.adapter(named: control.adapter)
        let inputs = control.inputs.mapValues { AdapterInput($0, size: nil).kind }
        try adapter.descriptor.check(control.options, inputs: inputs)
        guard AdapterInput(control.input, size: nil).kind == adapter.descriptor.input else {
          throw ServiceError(
            .unprocessable,
            "the adapter \(control.adapter) takes \(adapter.descriptor.input.phrase): \(adapter.descriptor.inputSummary)"
          )
        }
      }
    } catch {
      throw ServiceError(preparing: error)
    }
  }

  /// How a job stands at its end, which is waited for; where the waiting task is cancelled, since its client is gone, so is the job.
  public func end(of job: Job) async -> JobStatus {
    await withTaskCancellationHandler {
      await job.end()
    } onCancel: {
      cancel(job)
    }
  }

  /// The job of an identifier.
  ///
  /// - Throws: ``ServiceError/Kind/notFound``.
  public func job(_ id: String) throws(ServiceError) -> Job {
    if let job = jobs.withLock({ $0[id] }) { return job }
    throw ServiceError(
      .notFound, "there is no generation '\(id.prefix(64))'; results are kept for \(Int(keepSeconds)) s")
  }

  /// The PNG file of an image, which tells what it was made with.
  ///
  /// - Throws: ``ServiceError/Kind/notFound``.
  public func file(of job: Job, index: Int) throws(ServiceError) -> Data {
    if let file = results.file(job: job.id, index: index) { return file }
    throw ServiceError(.notFound, "the generation has no image \(index); it has \(job.status.images.count)")
  }

  /// Cancels a job between two steps; one that has ended is forgotten with its results.
  public func cancel(_ job: Job) {
    if job.status.state.isEnd {
      forget(job)
    } else {
      job.cancel()
      if queue.running.contains(where: { $0 === job }) { return }
      queue.remove(job)
      job.end(.cancelled)
    }
  }

  /// What an adapter sees of an input, for images of a model.
  ///
  /// - Returns: the first element that can be shown, and what there is to say of it.
  /// - Throws: ``ServiceError``.
  public func preview(
    _ control: ControlSpecification, model name: String? = nil, size: ImageSize? = nil, fit: ImageFit = .crop
  ) throws(ServiceError) -> (image: Image, notes: [String]) {
    do {
      let pipeline = try catalog.load(catalog.model(named: name)).pipeline(size)
      let controls = try Parallel.limited(to: 1) {
        try pipeline.preprocess(
          control.input, adapter: control.adapter, options: control.options, inputs: control.inputs, fit: fit)
      }
      guard let image = controls.lazy.compactMap(\.image).first else {
        throw ServiceError(
          .unprocessable, "the adapter \(control.adapter) makes nothing of its input that can be shown")
      }
      return (image, controls.compactMap(\.note))
    } catch {
      throw ServiceError(preparing: error)
    }
  }

  /// Whether requests are served: the default model is in memory, and the service is not being stopped.
  public var isReady: Bool { catalog.models[0].isLoaded && !queue.isClosed }

  /// How many images wait, and how many are being made.
  public var load: (waiting: Int, running: Int) {
    (
      queue.waiting.filter { $0.status.state == .queued }.map(\.status.count).reduce(0, +),
      queue.running.map(\.status.count).reduce(0, +)
    )
  }

  /// The bytes of the results that are kept.
  public var resultBytes: Int { results.bytes }

  /// When a job's results are forgotten; nil before it has ended.
  public func expiry(of job: Job) -> Date? { job.status.ended?.addingTimeInterval(keepSeconds) }

  /// Forgets results that are kept for long enough, and removes old files of earlier runs from the folder.
  public func sweep() {
    forgetOld()
    results.sweep(olderThan: keepSeconds)
  }

  private func forgetOld() {
    let all = jobs.withLock { Array($0.values) }.filter(\.status.state.isEnd)
    var old = all.filter { ($0.status.ended ?? .now).timeIntervalSinceNow < -keepSeconds }
    if all.count > Self.mostKept {
      old += all.sorted { ($0.status.ended ?? .now) < ($1.status.ended ?? .now) }.prefix(all.count - Self.mostKept)
    }
    for job in old { forget(job) }
    var rest = all.filter { job in !old.contains { $0 === job } }
      .sorted { ($0.status.ended ?? .now) < ($1.status.ended ?? .now) }
    while results.bytes > limits.resultBytes, !rest.isEmpty { forget(rest.removeFirst()) }
  }

  private func forget(_ job: Job) {
    jobs.withLock { _ = $0.removeValue(forKey: job.id) }
    results.remove(job: job.id, count: job.status.count)
  }

  /// Takes no more requests, and waits until those it has are served, at most for a time; the rest is cancelled.
  public func drain(within time: Duration) async {
    queue.close()
    let end = ContinuousClock.now + time
    while !queue.isIdle, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
    scheduler.stop()
    for job in jobs.withLock({ Array($0.values) }) { job.end(.cancelled) }
  }
}
