import ARPG
import ARPGService

extension ServerState {
  /// Tells what happens to a job until its end; a client that is gone takes its job along.
  ///
  /// - Returns: how it stands at its end.
  /// - Throws: why it failed.
  func follow(
    _ job: Job, _ context: ServerContext, previewEvery: Int = 0, _ told: (JobEvent) throws -> Void = { _ in }
  ) async throws -> JobStatus {
    let events = job.events(previewEvery: previewEvery)
    return try await connections.during(context.channel) {
      service.cancel(job)
    } _: {
      try await withTaskCancellationHandler {
        for await event in events {
          try told(event)
          guard case .end(let status) = event else { continue }
          if let error = status.error { throw error }
          return status
        }
        throw CancellationError()
      } onCancel: {
        service.cancel(job)
      }
    }
  }
}
