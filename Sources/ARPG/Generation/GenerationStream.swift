import ARPGTensor
import Foundation
import Synchronization

/// Images that are generated on a thread of their own, for programs that must not wait: services and apps. The thread is none of the
/// cooperative pool. It ends with the last image, when nobody reads ``events`` any more, or with the task that reads them.
public final class GenerationStream: Sendable {
  /// What happened.
  public enum Event: Sendable {
    /// A step was taken: how many of how many tokens of all images are decoded.
    case step(done: Int, total: Int)
    /// The images so far of the batch that is being decoded.
    case preview([Image])
    /// An image is finished. Images come in order.
    case image(GeneratedImage)
  }

  /// What happens, in order; it ends with an error where something fails.
  public let events: AsyncThrowingStream<Event, any Error>
  private let strengths = Mutex<[Int: Float]>([:])
  private let isCancelled = Atomic(false)

  init(_ pipeline: Pipeline, _ request: GenerationRequest, previewEvery: Int?, threads: Int?) {
    let (events, continuation) = AsyncThrowingStream<Event, any Error>.makeStream()
    self.events = events
    continuation.onTermination = { [weak self] _ in self?.cancel() }
    let thread = Thread { [self] in
      do {
        try Parallel.limited(to: threads) { try generate(pipeline, request, previewEvery, continuation) }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    thread.stackSize = 1 << 23
    thread.start()
  }

  /// Changes the strength of a control from the next step on.
  ///
  /// - Parameters:
  ///   - strength: the factor of its condition tokens; 0 is none.
  ///   - index: its place in the request's controls; one that does not exist changes nothing.
  public func setStrength(_ strength: Float, ofControl index: Int) {
    strengths.withLock { $0[index] = strength }
  }

  /// Ends the work behind the step that is being taken; ``events`` then throw `CancellationError`.
  public func cancel() { isCancelled.store(true, ordering: .relaxed) }

  private func generate(
    _ pipeline: Pipeline, _ request: GenerationRequest, _ previewEvery: Int?,
    _ continuation: AsyncThrowingStream<Event, any Error>.Continuation
  ) throws {
    let run = try pipeline.start(request)
    while true {
      if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
      for (index, strength) in strengths.withLock({ $0 }) { run.setStrength(strength, ofControl: index) }
      guard let event = try run.next() else { return }
      switch event {
      case .step(let progress):
        continuation.yield(.step(done: progress.tokensDone, total: progress.tokensTotal))
        if let previewEvery, (progress.step.index + 1) % max(1, previewEvery) == 0 {
          continuation.yield(.preview(try pipeline.model.previews(of: progress.run)))
        }
      case .image(let image): continuation.yield(.image(image))
      }
    }
  }
}

extension Pipeline {
  /// Generates what is asked for on a thread of its own.
  ///
  /// - Parameters:
  ///   - request: what is asked for.
  ///   - previewEvery: after how many steps the images so far are shown; nil for never.
  ///   - threads: the most that the work may use; nil for as many as loops may use anyhow. Results do not depend on it.
  /// - Returns: what happens. Errors of the request are thrown by its events.
  public func stream(_ request: GenerationRequest, previewEvery: Int? = nil, threads: Int? = nil) -> GenerationStream {
    GenerationStream(self, request, previewEvery: previewEvery, threads: threads)
  }
}
