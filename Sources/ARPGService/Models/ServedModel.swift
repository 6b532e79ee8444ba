import ARPG
import Foundation
import Synchronization

/// A model that a service offers: its description at once, its weights when they are first needed.
public final class ServedModel: Sendable {
  /// The name that requests use.
  public let name: String
  /// The model's folder.
  public let folder: ModelFolder
  /// The bytes of its files: about what it takes of memory.
  public let bytes: Int

  private let registries: Registries
  private let beside: AdaptersBeside
  private let precision: WeightPrecision?
  private let state = Mutex(State())

  private struct State {
    var loaded: LoadedModel?
    var lastUse = 0
  }

  /// Reads the description of a model.
  ///
  /// - Parameters:
  ///   - name: that requests use.
  ///   - path: of its folder.
  ///   - registries: the decoder families, tokenizers and adapters that there are.
  ///   - adapterFiles: files of adapters that are used as they lie beside the model, each `[NAME=]FILE`.
  ///   - precision: of its matrices; nil for the model's own.
  /// - Throws: ``/ARPG/ModelFolderError``.
  public init(
    named name: String, at path: String, _ registries: Registries, adapterFiles: [String] = [],
    precision: WeightPrecision? = nil
  ) throws {
    self.name = name
    self.registries = registries
    var beside = AdaptersBeside(registry: registries.adapters)
    for file in adapterFiles.map(NamedPath.init) { try beside.add(file.path, as: file.name) }
    self.beside = beside
    self.precision = precision
    let folder = try ModelFolder.read(path, registries)
    self.folder = folder
    let description = folder.description
    let files = [description.decoder?.file, description.tokenizer?.file] + description.adapters.values.map(\.file)
    bytes = files.compactMap { $0 }.reduce(0) { sum, file in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path(of: file))
      return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
  }

  /// Whether its weights are in memory.
  public var isLoaded: Bool { state.withLock { $0.loaded != nil } }

  /// When it was used last, as told to ``load(at:)``.
  var lastUse: Int { state.withLock { $0.lastUse } }

  /// The weights; read where they are not in memory.
  ///
  /// - Parameter time: a number that grows from use to use.
  func load(at time: Int) throws -> LoadedModel {
    try state.withLock { state in
      state.lastUse = time
      if let loaded = state.loaded { return loaded }
      let model = try beside.laid(beside: Model.load(folder.path, registries, precision: precision))
      let loaded = LoadedModel(model, beside.registry)
      state.loaded = loaded
      return loaded
    }
  }

  /// Lets go of the weights; what is being made with them keeps them until it is done.
  func unload() { state.withLock { $0.loaded = nil } }

  /// The adapters that can be used with it: those that need no weights, and those that it has weights for.
  public var adapters: [any ControlAdapter] {
    beside.registry.adapters.filter { adapter in
      let name = adapter.descriptor.name
      return folder.description.adapters[name] != nil || beside.files[name] != nil || !needsWeights(adapter)
    }
  }

  /// The adapter of a name.
  ///
  /// - Throws: ``/ARPG/RegistryError`` with the nearest name.
  public func adapter(named name: String) throws -> any ControlAdapter { try beside.registry.adapter(named: name) }

  /// Whether an adapter cannot be used with the model as it is, since it misses weights, or takes another model.
  private func needsWeights(_ adapter: any ControlAdapter) -> Bool {
    guard let layout = folder.description.decoder?.layout else { return true }
    let size = ImageSize(width: folder.description.imageSize, height: folder.description.imageSize)
    let model = AdapterModel(layout: layout, imageSize: size, classNames: folder.description.classNames)
    return (try? adapter.fit(to: model)) == nil
  }
}

/// A model in memory, with a pipeline for each size that was asked for lately.
final class LoadedModel: Sendable {
  let model: Model
  private let registry: AdapterRegistry
  private let state = Mutex(State())

  private struct State {
    var pipelines: [(size: ImageSize, pipeline: Pipeline)] = []
    /// By part; nil within for a part without weights.
    var fingerprints: [String: String?] = [:]
    /// By adapter; nil within for a file that says nothing of itself.
    var manifests: [String: AdapterManifest?] = [:]
  }

  private static let mostSizes = 4

  init(_ model: Model, _ registry: AdapterRegistry) {
    self.model = model
    self.registry = registry
  }

  /// The pipeline for images of a size; nil for the model's own.
  ///
  /// - Throws: ``/ARPG/ImageSizeError``.
  func pipeline(_ size: ImageSize?) throws -> Pipeline {
    let size = size ?? model.imageSize
    return try state.withLock { state in
      if let index = state.pipelines.firstIndex(where: { $0.size == size }) {
        let entry = state.pipelines.remove(at: index)
        state.pipelines.append(entry)
        return entry.pipeline
      }
      let pipeline = Pipeline(size == model.imageSize ? model : try model.sized(size), adapters: registry)
      state.pipelines.append((size, pipeline))
      if state.pipelines.count > Self.mostSizes { state.pipelines.removeFirst() }
      return pipeline
    }
  }

  /// What tells the weights from others, of decoder, tokenizer and some adapters; each is read once.
  func fingerprints(adapters names: [String]) throws -> [String: String] {
    let parts = ["decoder", "tokenizer"] + names
    var known = state.withLock { $0.fingerprints }
    if parts.contains(where: { known[$0] == nil }) {
      let found = try model.fingerprints(adapters: Set(names))
      for part in parts { known[part] = .some(found[part]) }
      state.withLock { [known] in $0.fingerprints.merge(known) { $1 } }
    }
    return parts.reduce(into: [:]) { $0[$1] = known[$1] ?? nil }
  }

  /// What the file of an adapter's weights says of itself, which is read once; nil where it says nothing.
  func manifest(ofAdapter name: String) throws -> AdapterManifest? {
    if let known = state.withLock({ $0.manifests[name] }) { return known }
    let manifest = try model.manifest(ofAdapter: name)
    state.withLock { $0.manifests[name] = .some(manifest) }
    return manifest
  }
}
