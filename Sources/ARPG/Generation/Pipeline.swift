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
  /// - Parameters:
  ///   - specifications: the controls.
  ///   - fit: how their images and regions are brought to the shape of the model's images, all by one rule.
  /// - Throws: where an adapter is not known, does not fit the model, or cannot use its input or options.
  public func prepare(_ specifications: [ControlSpecification], fit: ImageFit = .crop) throws -> PreparedControls {
    // An adapter that does not fit is told before anything is computed.
    let adapters = try load(specifications.map(\.adapter))
    var active: [(adapter: String, control: ActiveControl)] = []
    var inputs: [(adapter: String, controls: [PreparedControl])] = []
    var notes: [String] = []
    for (specification, adapter) in zip(specifications, adapters) {
      let name = specification.adapter
      let input = AdapterInput(specification.input, size: model.imageSize, fit: fit)
      let further = specification.inputs.mapValues { AdapterInput($0, size: model.imageSize, fit: fit) }
      let controls = try preprocess(
        input, adapter, options: OptionValues(specification.options, inputs: further, for: adapter.descriptor))
      inputs.append((name, controls))
      notes += [input.fitNote].compactMap { $0 }.map { "\(name): \($0)" }
      notes += controls.compactMap(\.note).map { "\(name): \($0)" }
      let region = specification.region.map { FittedImage($0, to: model.imageSize, fit: fit) }
      let weights = region.map(tokenWeights)
      if let weights, !weights.contains(where: { $0 > 0 }) {
        notes.append(
          "\(name): its region is black everywhere, so that it acts nowhere; paint white where it should act")
      }
      var control = try encode(controls, adapter)
      control.take(specification)
      control.region = weights
      notes += [control.prefixNote].compactMap { $0 }.map { "\(name): \($0)" }
      active.append((name, control))
    }
    return try PreparedControls(active, inputs: inputs, notes: notes)
  }

  /// Turns an input into what an adapter's encoder sees, at least one element.
  ///
  /// - Throws: where the adapter is not known, does not fit the model, or cannot use the input or an option.
  public func preprocess(
    _ input: ControlInput, adapter name: String, options: [String: String] = [:],
    inputs: [String: ControlInput] = [:], fit: ImageFit = .crop
  ) throws -> [PreparedControl] {
    func onCanvas(_ input: ControlInput) -> AdapterInput { AdapterInput(input, size: model.imageSize, fit: fit) }
    return try load([name]).flatMap {
      try preprocess(
        onCanvas(input), $0, options: OptionValues(options, inputs: inputs.mapValues(onCanvas), for: $0.descriptor))
    }
  }

  private func preprocess(
    _ input: AdapterInput, _ adapter: LoadedAdapter, options: OptionValues
  ) throws -> [PreparedControl] {
    let controls = try adapter.preprocessor.preprocess(input, options: options, in: model.preprocessingContext)
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
    _ controls: [PreparedControl], _ adapter: LoadedAdapter
  ) throws -> ActiveControl {
    guard !controls.isEmpty else { throw ControlError.nothing(adapter: adapter.descriptor.name) }
    let layout = model.layout
    let detail = controls.compactMap { $0.detail(rows: layout.rows, columns: layout.columns) }
    return ActiveControl(
      try adapter.encoder.encode(controls), detail: detail.count == controls.count ? detail : nil)
  }

  /// Loads adapters, each of them once: first all are fitted, then weights are read.
  private func load(_ names: [String]) throws -> [LoadedAdapter] {
    try loaded.withLock { loaded in
      let missing = try Set(names).filter { loaded[$0] == nil }.sorted().map { name in
        let adapter = try registry.adapter(named: name), own = try model.adapterModel(name)
        return (name: name, adapter: adapter, model: own, fitted: try fit(adapter, to: own))
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

  /// How far a region reaches at each token, in 0 ... 1: its brightness where it is opaque.
  private func tokenWeights(_ region: FittedImage) -> [Float] {
    let size = ImageSize(width: model.layout.columns, height: model.layout.rows)
    return region.mask.resized(to: size, filter: .box).values
  }
}

extension ActiveControl {
  /// Takes what a specification says beside input, options and region: none of it changes what is encoded.
  mutating func take(_ specification: ControlSpecification) {
    (strength, window) = (specification.strength, specification.window)
    guidance = specification.guidance
  }

  /// What the user should know of settings that change nothing, since the control stands in front of the codes.
  fileprivate var prefixNote: String? {
    guard condition.tokens.isEmpty, condition.prefix != nil, isOn else { return nil }
    let idle = [
      strength != 1 ? "strength" : nil, window != 0..<1 ? "from and to" : nil, region != nil ? "region" : nil,
      guidance != nil ? "guidance" : nil,
    ].compactMap { $0 }
    return idle.isEmpty
      ? nil
      : "it stands in front of the codes and acts always and everywhere; \(idle.joined(separator: ", ")) change nothing"
  }
}

extension FittedImage {
  /// The image as a mask on the canvas, 0 to 1: white acts, black and transparent do not, and neither does padding.
  public var mask: Plane { place(source.greyOverBlack, outside: 0).map { min(max($0, 0), 1) } }
}

extension AdapterInput {
  /// What the user should know of how an image was brought onto the canvas.
  public var fitNote: String? {
    guard case .image(let image) = self else { return nil }
    let share = Int((100 * image.croppedShare).rounded())
    return share > 0
      ? "\(share) % of the image is cut off to make it \(image.size.width) x \(image.size.height); fit=pad keeps all of it"
      : nil
  }
}
