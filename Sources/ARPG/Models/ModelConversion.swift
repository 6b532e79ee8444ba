import ARPGTensor
import Foundation

/// Makes a model's folder from checkpoints as they are published.
///
/// Sizes are read off the tensors' shapes; what shapes do not tell is as in the published models unless given. An existing
/// folder keeps the parts that are not converted anew.
public struct ModelConversion: Sendable {
  /// The decoder's checkpoint: safetensors or PyTorch.
  public var decoder: String?
  /// The tokenizer's checkpoint.
  public var tokenizer: String?
  /// The adapters' checkpoints by the adapters' names, with their settings.
  public var adapters: [String: (file: String, configuration: JSONValue)] = [:]
  /// The checkpoints of the adapters' preprocessing, with their settings; only beside those of the adapter, or where the
  /// model has it.
  public var preprocessors: [String: (file: String, configuration: JSONValue)] = [:]
  /// What the decoder's tensors do not tell.
  public var hints = DecoderHints()
  /// The groups of the tokenizer's normalisation; 32 where nil.
  public var groups: Int?
  /// The names of the classes; ImageNet's for 1000 classes where nil.
  public var classNames: [String]?
  /// The model's name; the folder's where nil.
  public var name: String?
  /// How the decoder is kept in memory unless told otherwise; where nil, as the folder says, or as it is stored.
  public var precision: WeightPrecision?
  /// Whether EMA weights are taken where a checkpoint has them.
  public var prefersEMA = false

  /// A conversion of nothing yet.
  public init() {}

  /// Converts.
  ///
  /// - Parameters:
  ///   - path: the model's folder, made where there is none.
  ///   - registries: the decoder families, tokenizers and adapters that there are.
  ///   - note: is told what the user should know.
  ///   - progress: is told which file is written; what it throws ends the conversion.
  /// - Throws: where a checkpoint is broken, is not what it should be, or the parts do not go together. The folder is then
  ///   as it was.
  public func write(
    to path: String, _ registries: Registries, note: (String) -> Void = { _ in },
    progress: (String) throws -> Void = { _ in }
  ) throws -> ModelFolder {
    let exists = FileManager.default.fileExists(atPath: path + "/" + ModelFolder.descriptionName)
    let old = exists ? try ModelFolder.read(path, registries) : nil
    let folderName = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    var writer = ModelWriter(old?.description ?? ModelDescription(name: folderName, imageSize: 256))
    if let name { writer.description.name = name }

    try addDecoder(to: &writer, old, registries, note)
    if let precision { writer.description.precision = precision }
    try addTokenizer(to: &writer, old, registries, note)
    let side = writer.description.decoder?.layout.columns ?? hints.grid ?? 16
    if let tokenizer = writer.description.tokenizer?.configuration {
      writer.description.imageSize = side * tokenizer.downsamplingFactor
    }
    try addAdapters(to: &writer, registries.adapters, note)
    try addPreprocessors(to: &writer, registries.adapters, note)
    // Before anything is written: the writer would refuse the description as well, but name a folder that is not there.
    try writer.description.validate()
    if let old { try dropAdapters(of: old, from: &writer.description, registries.adapters, note) }
    return try writer.write(to: path, progress: progress)
  }

  /// Opens a checkpoint, and says which of several weights were taken.
  private func open(
    _ file: String, _ note: (String) -> Void, isKnown: (Checkpoint) -> Bool = { _ in true }
  ) throws -> Checkpoint {
    let checkpoint = try Checkpoint.open(file, preferringEMA: prefersEMA, lookingFor: isKnown)
    if let taken = checkpoint.note {
      note("\(checkpoint.sourceName): \(taken)\(prefersEMA ? "" : "; --ema takes them")")
    }
    return checkpoint
  }

  /// A decoder of a checkpoint, or the one that is there with other sizes where some are given.
  private func addDecoder(
    to writer: inout ModelWriter, _ old: ModelFolder?, _ registries: Registries, _ note: (String) -> Void
  ) throws {
    let present = old?.description.decoder.flatMap { part in old?.path(of: part.file) }
    guard let file = decoder ?? (hints.isEmpty ? nil : present) else {
      if let classNames { writer.description.classNames = classNames }
      return
    }
    let checkpoint = try open(file, note) { registries.decoders.family(of: $0) != nil }
    let part = try DecoderPart(inferredFrom: checkpoint, hints, in: registries.decoders)
    try part.check(checkpoint)
    writer.description.decoder = part
    writer.description.classNames = classNames ?? Self.knownNames(part.layout.classes)
    if decoder == nil, classNames == nil, let names = old?.description.classNames, names.count == part.layout.classes {
      writer.description.classNames = names
    }
    if decoder != nil {
      // What was said of another decoder.
      (writer.description.summary, writer.description.trainingData, writer.description.limits) = (nil, nil, nil)
      writer.description.sampling = part.suggestedSettings
      writer.description.samplingWithoutControls = SamplingOverrides()
      writer.description.precision = nil
    }
    writer.add(part.file, of: checkpoint, ignoring: part.family.ignores, as: SafetensorsWriter.keepingHalves)
  }

  private func addTokenizer(
    to writer: inout ModelWriter, _ old: ModelFolder?, _ registries: Registries, _ note: (String) -> Void
  ) throws {
    let present = old?.description.tokenizer.flatMap { part in old?.path(of: part.file) }
    guard let file = tokenizer ?? (groups == nil ? nil : present) else { return }
    let checkpoint = try open(file, note) { registries.tokenizers.tokenizer(of: $0) != nil }
    let part = try TokenizerPart(inferredFrom: checkpoint, groups: groups, in: registries.tokenizers)
    try part.check(checkpoint)
    writer.description.tokenizer = part
    writer.add(part.file, of: checkpoint, ignoring: part.architecture.ignores, as: SafetensorsWriter.keepingHalves)
  }

  /// Adapters whose settings and shapes suit the decoder.
  private func addAdapters(
    to writer: inout ModelWriter, _ registry: AdapterRegistry, _ note: (String) -> Void
  ) throws {
    for (name, part) in adapters.sorted(by: { $0.key < $1.key }) {
      let adapter = try registry.adapter(named: name)
      let checkpoint = try open(part.file, note)
      let described = try AdapterFile.manifest(of: checkpoint)
      if let described, described.adapter != name {
        note("\(name): \(part.file) says that it is for the adapter \(described.adapter)")
      }
      let given = Self.configuration(part.configuration, over: described?.configuration)
      var weights = AdapterWeights(configuration: given, parameters: checkpoint)
      weights = AdapterWeights(configuration: try adapter.settings(of: weights), parameters: checkpoint)
      try Self.fit(adapter, weights, to: writer.description)
      if let read = Self.settings(in: weights.configuration, beside: given) {
        note("\(name): read off its weights are \(read); give those that are not so as KEY=VALUE")
      }
      let file = "\(name).safetensors"
      writer.description.adapters[name] = .init(file: file, configuration: weights.configuration ?? .null)
      var manifest =
        try described
        ?? AdapterManifest(
          adapter: name, configuration: .null, weights: AdapterManifest.fingerprint(of: checkpoint))
      (manifest.adapter, manifest.configuration) = (name, weights.configuration ?? .null)
      if described == nil { manifest.imageSize = writer.description.imageSize }
      if manifest.decoder == nil, let part = writer.description.decoder {
        manifest.decoder = AdapterManifest.Decoder(part, fingerprint: nil)
      }
      writer.add(file, of: checkpoint, metadata: try manifest.metadata(), as: SafetensorsWriter.keepingHalves)
    }
  }

  /// What the user gave over what the file says.
  private static func configuration(_ given: JSONValue, over described: JSONValue?) -> JSONValue {
    guard case .object(let own)? = described, case .object(let given) = given else { return given }
    return .object(own.merging(given) { $1 })
  }

  /// The settings that the user did not give; nil for none.
  private static func settings(in all: JSONValue?, beside given: JSONValue) -> String? {
    guard case .object(let all)? = all else { return nil }
    var known: Set<String> = []
    if case .object(let given) = given { known = Set(given.keys) }
    let read = all.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map { key, value in
      let text = (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      return "\(key)=\(text.replacing("\"", with: ""))"
    }
    return read.isEmpty ? nil : read.joined(separator: ", ")
  }

  private func addPreprocessors(
    to writer: inout ModelWriter, _ registry: AdapterRegistry, _ note: (String) -> Void
  ) throws {
    for (name, part) in preprocessors.sorted(by: { $0.key < $1.key }) {
      guard writer.description.adapters[name] != nil else {
        throw ConfigurationError.invalid(
          field: "adapters", found: "no \(name)",
          expected: "the adapter that \(part.file) belongs to; convert it as well")
      }
      let checkpoint = try open(part.file, note)
      _ = try registry.adapter(named: name).makePreprocessor(
        AdapterWeights(configuration: part.configuration, parameters: checkpoint))
      let file = "\(name).preprocessor.safetensors"
      writer.description.adapters[name]?.preprocessor = .init(file: file, configuration: part.configuration)
      writer.add(file, of: checkpoint, as: SafetensorsWriter.keepingHalves)
    }
  }

  /// Leaves out the adapters of before that do not suit a decoder which took the place of theirs.
  private func dropAdapters(
    of old: ModelFolder, from description: inout ModelDescription, _ registry: AdapterRegistry,
    _ note: (String) -> Void
  ) throws {
    guard decoder != nil || !hints.isEmpty else { return }
    for name in description.adapters.keys.sorted() where adapters[name] == nil {
      do {
        guard let weights = try old.weights(ofAdapter: name) else { continue }
        try Self.fit(registry.adapter(named: name), weights, to: description)
        if decoder != nil { note("the adapter \(name) stays, and was trained with the decoder of before") }
      } catch {
        description.adapters[name] = nil
        note("the adapter \(name) is left out: \(error)")
      }
    }
  }

  private static func fit(
    _ adapter: any ControlAdapter, _ weights: AdapterWeights, to description: ModelDescription
  ) throws {
    guard let layout = description.decoder?.layout else { return }
    _ = try adapter.fit(
      to: AdapterModel(
        layout: layout, imageSize: ImageSize(width: description.imageSize, height: description.imageSize),
        classNames: description.classNames, weights: weights))
  }

  private static func knownNames(_ classes: Int) -> [String] {
    classes == ImageNetClasses.names.count ? ImageNetClasses.names : []
  }
}
