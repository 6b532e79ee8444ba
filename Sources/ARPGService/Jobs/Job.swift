import ARPG
import ARPGTensor
import Foundation
import Synchronization

/// Images that a client asked for, from the queue to the results.
public final class Job: Sendable {
  /// What it is known by: 128 random bits, so that nobody finds the jobs of others.
  public let id: String
  /// When it was asked for.
  public let created: Date
  /// What was asked for, but for controls and edit, whose images are let go of when they have been read.
  public let request: ServiceRequest
  /// How many steps its images take, as far as it can be told before its controls are read.
  public let expectedSteps: Int
  /// The model that makes it.
  public let model: ServedModel

  private let state: Mutex<State>

  fileprivate struct State {
    var status: JobStatus
    /// All that was asked for, until it is taken.
    var whole: ServiceRequest?
    var isCancelled = false
    var started: ContinuousClock.Instant?
    var listeners: [Int: Listener] = [:]
    var nextListener = 0
  }

  fileprivate struct Listener {
    let previewEvery: Int
    let isPaced: Bool
    let continuation: AsyncStream<JobEvent>.Continuation
  }

  init(_ request: ServiceRequest, _ model: ServedModel, id: String = Job.newID(), created: Date = Date()) {
    self.id = id
    self.created = created
    self.model = model
    var rest = request
    (rest.controls, rest.edit, rest.editRecord) = ([], nil, nil)
    self.request = rest
    let description = model.folder.description
    let isSpatial = request.controls.contains { control in
      if case .text = control.specification.input { false } else { true }
    }
    let suggested =
      isSpatial ? description.sampling : description.samplingWithoutControls.applied(to: description.sampling)
    expectedSteps = request.settings.steps ?? suggested.steps
    pixels = request.pixels
    state = Mutex(State(status: JobStatus(count: request.count), whole: request))
  }

  private static func newID() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// How it stands.
  public var status: JobStatus { state.withLock { $0.status } }

  /// Whether somebody cancelled it.
  public var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// What happens from now on; first how it stands, and the images that are there.
  ///
  /// - Parameters:
  ///   - previewEvery: a preview every so many steps; 0 for none.
  ///   - isPaced: whether previews are left out that would take more than a fifth of the time that the images take.
  public func events(previewEvery: Int = 0, isPaced: Bool = false) -> AsyncStream<JobEvent> {
    let (stream, continuation) = AsyncStream<JobEvent>.makeStream()
    let number: Int? = state.withLock { state in
      continuation.yield(.state(state.status))
      for image in state.status.images { continuation.yield(.image(image)) }
      guard !state.status.state.isEnd else {
        continuation.yield(.end(state.status))
        continuation.finish()
        return nil
      }
      state.nextListener += 1
      state.listeners[state.nextListener] = Listener(
        previewEvery: max(0, previewEvery), isPaced: isPaced, continuation: continuation)
      return state.nextListener
    }
    if let number {
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
      }
    }
    return stream
  }

  /// How it stands at the end, which is waited for.
  public func end() async -> JobStatus {
    for await event in events() {
      if case .end(let status) = event { return status }
    }
    return status
  }

  // What follows is told by the scheduler.

  /// How many pixels the images have that came with it.
  let pixels: Int

  /// All that was asked for, once: who makes the images takes it.
  func takeRequest() -> ServiceRequest? { state.withLock { $0.whole.take() } }

  /// Whether a preview is wanted of a step, counted from 1.
  ///
  /// - Parameter isCheap: whether it takes little of the time.
  func wantsPreview(ofStep step: Int, isCheap: Bool) -> Bool {
    state.withLock { state in
      state.listeners.values.contains { listener in
        listener.previewEvery > 0 && step.isMultiple(of: listener.previewEvery) && (isCheap || !listener.isPaced)
      }
    }
  }

  func cancel() { state.withLock { $0.isCancelled = true } }

  func wait(at position: Int) {
    state.withLock { state in
      guard state.status.state == .queued, state.status.position != position else { return }
      state.status.position = position
      state.send(.state(state.status))
    }
  }

  func start() {
    state.withLock { state in
      guard state.status.state == .queued else { return }
      state.status.state = .running
      state.status.position = 0
      state.started = .now
      state.send(.state(state.status))
    }
  }

  func prepared(count: Int, notes: [String]) {
    state.withLock { ($0.status.count, $0.status.notes) = (count, notes) }
  }

  func step(done: Int, total: Int) {
    state.withLock { state in
      state.status.progress = total > 0 ? Double(done) / Double(total) : 0
      state.send(.step(done: done, total: total))
    }
  }

  func preview(index: Int, _ image: Image, step: Int) {
    state.withLock { state in
      for listener in state.listeners.values
      where listener.previewEvery > 0 && step.isMultiple(of: listener.previewEvery) {
        listener.continuation.yield(.preview(index: index, image, progress: state.status.progress))
      }
    }
  }

  func finish(_ image: JobImage) {
    state.withLock { state in
      state.status.images.append(image)
      state.send(.image(image))
    }
  }

  /// Ends the job; nothing where it has ended already.
  func end(_ end: JobStatus.State, error: ServiceError? = nil) {
    let listeners: [Listener] = state.withLock { state in
      guard !state.status.state.isEnd else { return [] }
      state.status.state = end
      state.whole = nil
      state.status.error = error
      state.status.position = 0
      if end == .finished { state.status.progress = 1 }
      state.status.seconds = state.started.map { ($0.duration(to: .now)).seconds }
      state.status.ended = Date()
      state.send(.end(state.status))
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    // Outside of the lock, which the end of a stream takes.
    for listener in listeners { listener.continuation.finish() }
  }
}

extension Job.State {
  fileprivate func send(_ event: JobEvent) {
    for listener in listeners.values { listener.continuation.yield(event) }
  }
}
