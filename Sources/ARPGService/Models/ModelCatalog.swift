import ARPG
import Synchronization

/// The models that a service offers. Those used last are in memory, as many as a limit allows.
public final class ModelCatalog: Sendable {
  /// The models; the first is used where a request names none.
  public let models: [ServedModel]
  /// How many bytes the models in memory may take together; nil for no limit. One model is always in memory.
  public let memoryLimit: Int?
  private let clock = Mutex(0)

  /// Models by name.
  ///
  /// - Throws: ``ServiceError`` where there is none, or two share a name.
  public init(_ models: [ServedModel], memoryLimit: Int? = nil) throws(ServiceError) {
    guard !models.isEmpty else { throw ServiceError(.unprocessable, "there is no model; name a folder with one") }
    let names = models.map(\.name)
    if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ServiceError(.unprocessable, "two models are called '\(name)'; give one another name: NAME=FOLDER")
    }
    self.models = models
    self.memoryLimit = memoryLimit
  }

  /// The model of a name; the first where there is none.
  ///
  /// - Throws: ``ServiceError`` with the names that there are.
  public func model(named name: String?) throws(ServiceError) -> ServedModel {
    guard let name else { return models[0] }
    if let model = models.first(where: { $0.name == name }) { return model }
    throw ServiceError(
      .notFound,
      "there is no model '\(name.prefix(64))'; there is \(models.map(\.name).joined(separator: ", "))")
  }

  /// The weights of a model; where they are not in memory they are read, and models make room that were not used for longest.
  func load(_ model: ServedModel) throws -> LoadedModel {
    let time = clock.withLock { time in
      time += 1
      return time
    }
    if !model.isLoaded { makeRoom(for: model) }
    return try model.load(at: time)
  }

  private func makeRoom(for model: ServedModel) {
    guard let memoryLimit else { return }
    var others = models.filter { $0 !== model && $0.isLoaded }.sorted { $0.lastUse < $1.lastUse }
    while !others.isEmpty, others.map(\.bytes).reduce(model.bytes, +) > memoryLimit { others.removeFirst().unload() }
  }

  /// The bytes of the models in memory.
  public var loadedBytes: Int { models.filter(\.isLoaded).map(\.bytes).reduce(0, +) }
}
