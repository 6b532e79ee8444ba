import ARPG
import ARPGTensor

extension DecoderTask {
  /// Writes a model of some parameters.
  public func writeModel(_ parameters: [String: Tensor], to folder: String) throws {
    var trained: [String: NewAdapter] = [:]
    for adapter in adapters {
      trained[adapter.adapter.descriptor.name] = NewAdapter(
        configuration: adapter.start.configuration, parameters: ParameterSet(parameters.scoped(adapter.prefix)))
    }
    try model.write(
      to: folder, decoder: isFrozen ? nil : (configuration, decoderTensors(parameters)), adapters: trained)
  }

  /// The number of pictures in each row of a sheet.
  private static let pictures = 8

  /// Without adapters, pictures of the first classes; with adapters, for each of them a row of controls of the first
  /// samples and a row of the pictures that follow them. Nil without a tokenizer.
  public func sampleSheet(_ parameters: [String: Tensor], seed: UInt64) throws -> Image? {
    guard let tokenizer = try model.source.flatMap({ try $0.description.tokenizer == nil ? nil : $0.loadTokenizer() })
    else { return nil }
    let decoder = decoder(parameters)
    let count = min(Self.pictures, data.count)
    let samples = try (0..<count).map { number in
      let index = number * data.count / count
      return (index: index, sample: try data.sample(index) { _ in 0 })
    }
    func pictures(_ labels: [Int?], _ controls: [ActiveControl]) throws -> [Image] {
      let prefix = Condition.Prefix(
        embeddings: decoder.embed(labels.map(row(of:))).reshaped(labels.count, 1, configuration.dim),
        null: decoder.embed([configuration.nullClassRow]).reshaped(1, 1, configuration.dim))
      let request = SamplingRequest(
        images: Array(labels.indices), controls: [ActiveControl(Condition(prefix: prefix))] + controls,
        settings: controls.isEmpty
          ? model.description.samplingWithoutControls.applied(to: model.description.sampling)
          : model.description.sampling,
        random: SeededRandomSource(seed: seed))
      let side = configuration.grid
      let decoded = try tokenizer.decode(Sampler(decoder).sample(request), rows: side, columns: side)
      return labels.indices.map { row in
        Image(tensor: decoded.slice(row..<row + 1).reshaped(Array(decoded.shape.dropFirst())))
      }
    }
    var rows: [Image] = []
    if adapters.isEmpty { rows = try pictures((0..<Self.pictures).map { $0 % configuration.classes }, []) }
    let context = PreprocessingContext(imageSize: model.imageSize, classNames: data.classNames)
    for trained in adapters {
      let prepared = try samples.map { item in
        try data.control(trained.adapter, of: item.index, item.sample, in: context)
      }
      let condition = try encode(prepared, trained, parameters, decoder)
      rows += prepared.compactMap(\.picture)
      rows += try pictures(samples.map(\.sample.label), [ActiveControl(condition)])
    }
    return ContactSheet(columns: count).image(of: rows)
  }
}
