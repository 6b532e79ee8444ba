import ARPG
import ARPGTensor
import Foundation

extension DecoderTask {
  /// Writes a model of some parameters: trained parts anew, others once.
  public func writeModel(_ parameters: [String: Tensor], to folder: String) throws {
    try writeModel(parameters, to: folder, sample: nil)
  }

  /// Writes a model as ``writeModel(_:to:)`` does; files of adapters keep the sheet of samples, made small.
  public func writeModel(_ parameters: [String: Tensor], to folder: String, sample: Image?) throws {
    var writer = ModelWriter(model)
    var kept = Set(model.files)
    func add(_ file: String, _ tensors: [String: Tensor], metadata: [String: String] = [:]) {
      writer.add(file, tensors, metadata: metadata)
      kept.remove(file)
    }
    if !isFrozen {
      writer.description.decoder = part
      add(part.file, decoderTensors(parameters))
    }
    let decoder = adapters.isEmpty ? nil : try decoderFingerprint(parameters)
    let tokenizer = adapters.isEmpty ? nil : try source?.tokenizerFingerprint()
    let picture = adapters.isEmpty ? nil : try sample.flatMap(AdapterManifest.sample)
    for trained in adapters {
      let name = trained.adapter.descriptor.name, file = "\(name).safetensors"
      writer.description.adapters[name] = .init(file: file, configuration: trained.start.configuration)
      let tensors = parameters.scoped(trained.prefix)
      var manifest = try manifest(of: trained, tensors, decoder: decoder, tokenizer: tokenizer)
      manifest.sample = picture
      add(file, tensors, metadata: try manifest.metadata())
    }
    for file in kept.sorted() {
      guard let source else { continue }
      // A copy that is there may be of before the data was prepared anew.
      let own = source.path(of: file)
      if !FileManager.default.contentsEqual(atPath: own, andPath: "\(folder)/\(file)") { writer.add(file, copyOf: own) }
    }
    try writer.write(to: folder)
  }

  /// What tells the decoder of some parameters from others.
  private func decoderFingerprint(_ parameters: [String: Tensor]) throws -> String? {
    try isFrozen ? source?.decoderFingerprint() : part.fingerprint(of: ParameterSet(decoderTensors(parameters)))
  }

  /// What the file of a trained adapter says of itself.
  private func manifest(
    of trained: TrainedAdapter, _ tensors: [String: Tensor], decoder: String?, tokenizer: String?
  ) throws -> AdapterManifest {
    let descriptor = trained.adapter.descriptor
    var manifest = AdapterManifest(
      adapter: descriptor.name, configuration: trained.start.configuration,
      weights: try AdapterManifest.fingerprint(of: ParameterSet(tensors)))
    manifest.decoder = AdapterManifest.Decoder(part, fingerprint: decoder)
    manifest.tokenizer = tokenizer
    manifest.imageSize = model.imageSize
    manifest.summary = descriptor.summary
    manifest.trainingData = model.trainingData
    return manifest
  }

  /// The number of images in each row of a sheet.
  private static let columns = 8

  /// Without adapters, images of the first classes; with adapters, for each of them a row of controls of the first
  /// samples and a row of the images that follow them. Nil without a tokenizer.
  public func sampleSheet(_ parameters: [String: Tensor], seed: UInt64) throws -> Image? {
    guard let source, source.description.tokenizer != nil else { return nil }
    let decoder = decoder(parameters)
    let pipeline = Pipeline(
      Model(model, decoder: decoder, tokenizer: try source.loadTokenizer()), adapters: AdapterRegistry())
    let count = min(Self.columns, data.count)
    let samples = try (0..<count).map { number in
      let index = number * data.count / count
      return (index: index, sample: try data.sample(index) { _ in 0 })
    }
    func images(_ labels: [Int?], _ controls: [(adapter: String, control: ActiveControl)]) throws -> [Image] {
      let prefix = Condition.Prefix(
        embeddings: try decoder.prefix(ofClasses: labels), null: try decoder.prefix(ofClasses: [nil]),
        replacesNull: true)
      let controls = try PreparedControls([("class", ActiveControl(Condition(prefix: prefix)))] + controls)
      return try pipeline.generate(controls, numbers: Array(labels.indices), seed: seed).map(\.image)
    }
    var rows: [Image] = []
    if adapters.isEmpty { rows = try images((0..<Self.columns).map { $0 % max(1, layout.classes) }, []) }
    for trained in adapters {
      let prepared = try samples.map { item in
        try data.control(trained.adapter, of: item.index, item.sample, in: context(of: data))
      }
      let condition = try encoder(trained, parameters, for: decoder).encode(prepared)
      rows += prepared.compactMap(\.image)
      rows += try images(
        samples.map(\.sample.label), [(trained.adapter.descriptor.name, ActiveControl(condition))])
    }
    return ContactSheet(columns: count).image(of: rows)
  }
}
