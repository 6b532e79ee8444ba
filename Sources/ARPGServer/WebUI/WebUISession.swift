import ARPG
import ARPGService
import Foundation
import Synchronization

/// What the WebUI's interface remembers between requests: the model that clients chose, and the jobs that they wait for.
final class WebUISession: Sendable {
  private struct State {
    var model: String?
    var jobs: [WebUIJob] = []
  }

  private let state = Mutex(State())
  private let catalog: ModelCatalog

  init(_ catalog: ModelCatalog) {
    self.catalog = catalog
  }

  /// The model that requests use which name none.
  var model: ServedModel {
    let name = state.withLock { $0.model }
    return catalog.models.first { $0.name == name } ?? catalog.models[0]
  }

  /// Chooses the model.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` with the names that there are.
  func choose(_ title: String) throws(ServiceError) {
    let name = try model(titled: title).name
    state.withLock { $0.model = name }
  }

  /// The model of a title, behind which a hash may stand in brackets; the chosen one for nil.
  ///
  /// - Throws: ``/ARPGService/ServiceError`` with the names that there are.
  func model(titled title: String?) throws(ServiceError) -> ServedModel {
    guard let title, !title.isEmpty else { return model }
    if let model = catalog.models.first(where: { $0.name == title }) { return model }
    let name = title.hasSuffix("]") ? title.split(separator: " [").first.map(String.init) : nil
    return try catalog.model(named: name ?? title)
  }

  /// The jobs that are waited for, the newest last.
  var jobs: [WebUIJob] { state.withLock { $0.jobs } }

  func add(_ job: WebUIJob) { state.withLock { $0.jobs.append(job) } }

  func remove(_ job: WebUIJob) { state.withLock { $0.jobs.removeAll { $0 === job } } }
}

/// A job that a client of the WebUI waits for, with how far it is.
final class WebUIJob: Sendable {
  let job: Job

  private struct State {
    var begun: Date?
    var isWatched = false
    var previews: [Int: Image] = [:]
    var newest: Image?
  }

  private let state = Mutex(State())
  private static let previews = 16

  init(_ job: Job) {
    self.job = job
  }

  /// Notes when it begins.
  func told(_ event: JobEvent) {
    guard case .state(let status) = event, status.state == .running else { return }
    state.withLock { $0.begun = $0.begun ?? Date() }
  }

  /// How many seconds are left, by those that it took so far; 0 where nothing can be told.
  func secondsLeft(_ progress: Double) -> Double {
    guard progress > 0, let begun = state.withLock({ $0.begun }) else { return 0 }
    return -begun.timeIntervalSinceNow * (1 - progress) / progress
  }

  /// The newest image so far. They cost time, so that they are made from the first time on that somebody asks.
  var preview: Image? {
    let (image, isNew) = state.withLock { state in
      defer { state.isWatched = true }
      return (state.newest, !state.isWatched)
    }
    if isNew {
      Task { [job] in
        for await event in job.events(previewEvery: max(1, job.expectedSteps / Self.previews)) {
          guard case .preview(let index, let image, _) = event else { continue }
          state.withLock { ($0.previews[index], $0.newest) = (image, image) }
        }
      }
    }
    return image
  }

  /// The images so far in their order, as far as somebody asked for them.
  var previews: [Image] { state.withLock { $0.previews.sorted { $0.key < $1.key }.map(\.value) } }
}
