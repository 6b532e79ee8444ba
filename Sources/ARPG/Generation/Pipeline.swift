import ARPGTensor
import Synchronization

/// From controls to images: a model and the adapters that may condition it.
///
/// Everything that is generated goes through here: a ``GenerationRun`` hands out steps and images as they come. An adapter is
/// loaded when it is first used, and kept. A pipeline may be used by several tasks at once; a run belongs to one.
public final class Pipeline: Sendable {
  /// The model.
  public let model: Model
  /// The adapters.
  public let registry: AdapterRegistry
  private let loaded = Mutex<[String: LoadedAdapter]>([:])

  /// An adapter with its weights.
  private struct LoadedAdapter: Sendable {
    let descriptor: AdapterDescriptor
    let preprocessor: any ControlPreprocessor
    let encoder: any ControlEncoder
  }

  /// A pipeline of a model and adapters.
  public init(_ model: Model, adapters registry: AdapterRegistry) {
    self.model = model
    self.registry = registry
  }

  /// Reads and encodes controls.
  ///
  /// - Throws: where an adapter is not known, does not fit the model, or cannot use its input or options.
  public func prepare(_ specifications: [ControlSpecification]) throws -> PreparedControls {
    // An adapter that does not fit is told before anything is computed.
    let adapters = try load(specifications.map(\.adapter))
    var active: [(adapter: String, control: ActiveControl)] = []
    var inputs: [(adapter: String, controls: [PreparedControl])] = []
    for (specification, adapter) in zip(specifications, adapters) {
      let controls = try preprocess(specification.input, adapter, options: specification.options)
      inputs.append((specification.adapter, controls))
      active.append(
        (
          specification.adapter,
          try encode(
            controls, adapter, strength: specification.strength, window: specification.window,
            region: specification.region)
        ))
    }
    return try PreparedControls(active, inputs: inputs)
  }

  /// Turns an input into what an adapter's encoder sees, at least one element.
  ///
  /// - Throws: where the adapter is not known, does not fit the model, or cannot use the input or an option.
  public func preprocess(
    _ input: ControlInput, adapter name: String, options: [String: String] = [:]
  ) throws -> [PreparedControl] {
    try load([name]).flatMap { try preprocess(input, $0, options: options) }
  }

  private func preprocess(
    _ input: ControlInput, _ adapter: LoadedAdapter, options: [String: String]
  ) throws -> [PreparedControl] {
    let controls = try adapter.preprocessor.preprocess(
      input, options: OptionValues(options, for: adapter.descriptor), in: model.preprocessingContext)
    guard !controls.isEmpty else { throw ControlError.nothing(adapter: adapter.descriptor.name) }
    return controls
  }

  /// Encodes inputs that are prepared already: those of data, for example.
  ///
  /// - Parameters:
  ///   - controls: for each adapter what its encoder sees, one element for every image, or one for all.
  /// - Throws: where an adapter is not known, does not fit the model, or cannot use a control.
  public func encode(_ controls: [(adapter: String, controls: [PreparedControl])]) throws -> PreparedControls {
    let adapters = try load(controls.map(\.adapter))
    return try PreparedControls(
      zip(controls, adapters).map { item, adapter in (item.adapter, try encode(item.controls, adapter)) },
      inputs: controls)
  }

  private func encode(
    _ controls: [PreparedControl], _ adapter: LoadedAdapter, strength: Float = 1, window: Range<Double> = 0..<1,
    region: Image? = nil
  ) throws -> ActiveControl {
    guard !controls.isEmpty else { throw ControlError.nothing(adapter: adapter.descriptor.name) }
    return ActiveControl(
      try adapter.encoder.encode(controls), strength: strength, window: window, region: region.map(tokenWeights))
  }

  /// Loads adapters, each of them once: first all are fitted, then weights are read.
  private func load(_ names: [String]) throws -> [LoadedAdapter] {
    try loaded.withLock { loaded in
      let missing = try Set(names).filter { loaded[$0] == nil }.sorted().map { name in
        let adapter = try registry.adapter(named: name), own = try model.adapterModel(name)
        return (name: name, adapter: adapter, model: own, fitted: try adapter.fit(to: own))
      }
      let parts = ModelParts(decoder: model.decoder, tokenizer: model.tokenizer)
      for item in missing {
        loaded[item.name] = LoadedAdapter(
          descriptor: item.adapter.descriptor,
          preprocessor: try item.adapter.makePreprocessor(model.preprocessorWeights(item.name)),
          encoder: try item.fitted.makeEncoder(item.model.weights?.parameters, for: parts))
      }
      return try names.map { name in
        guard let adapter = loaded[name] else { throw ControlError.nothing(adapter: name) }
        return adapter
      }
    }
  }

  /// The brightness of an image at each token, in 0 ... 1.
  private func tokenWeights(_ region: Image) -> [Float] {
    let size = ImageSize(width: model.layout.columns, height: model.layout.rows)
    return region.greyPlane.resized(to: size, filter: .box).values
  }
}
