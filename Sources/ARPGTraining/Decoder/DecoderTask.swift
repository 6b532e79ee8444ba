import ARPG
import ARPGTensor

/// Trains a decoder, adapters for it, or both together, on codes (ARPG, arXiv 2503.10568, section 3.2; ControlAR, arXiv
/// 2410.02705, section 3).
public struct DecoderTask: TrainingTask {
  /// An adapter that is trained.
  public struct TrainedAdapter: Sendable {
    /// The adapter.
    public let adapter: any ControlAdapter
    /// Its settings, and the weights that it begins with.
    public let start: NewAdapter

    /// An adapter and where it begins.
    public init(_ adapter: any ControlAdapter, start: NewAdapter) {
      self.adapter = adapter
      self.start = start
    }
  }

  /// Whether the decoder's weights move, and where they begin.
  public enum DecoderStart: Sendable {
    /// A new decoder, which is trained.
    case new
    /// A decoder that is trained on.
    case trained([String: Tensor])
    /// A decoder that stays as it is.
    case frozen([String: Tensor])
  }

  /// The data.
  public let data: TrainingData
  /// The sizes of the decoder.
  public let configuration: DecoderConfiguration
  /// What the written model says of itself, its decoder and trained adapters apart.
  public let model: ModelDraft
  /// The adapters that are trained.
  public let adapters: [TrainedAdapter]
  /// The probability that a value is dropped.
  public let dropout: Float
  /// How often conditions are left out.
  public let dropping: ConditionDropping
  private let start: DecoderStart

  /// What is trained; see the properties.
  ///
  /// - Throws: ``TrainingError`` where the data does not suit the decoder.
  public init(
    data: TrainingData, configuration: DecoderConfiguration, start: DecoderStart = .new,
    adapters: [TrainedAdapter] = [], model: ModelDraft, dropout: Float = 0.1,
    dropping: ConditionDropping = ConditionDropping()
  ) throws {
    guard data.tokens == configuration.tokens else {
      throw TrainingError.sample(
        path: data.root, found: "\(data.tokens) codes an image", expected: "\(configuration.tokens), as the decoder has"
      )
    }
    if let classes = data.classes, classes > configuration.classes {
      throw TrainingError.sample(
        path: data.root, found: "\(classes) classes", expected: "\(configuration.classes), as the decoder has")
    }
    self.data = data
    self.configuration = configuration
    self.start = start
    self.adapters = adapters
    self.model = model
    self.dropout = dropout
    self.dropping = dropping
  }

  /// The number of images.
  public var sampleCount: Int { data.count }

  /// The decoder's behind `decoder.` unless it stays as it is, and each adapter's behind `adapters.NAME.`.
  public func initialParameters(seed: UInt64) -> [String: Tensor] {
    let decoder: [String: Tensor] =
      switch start {
      case .new: Decoder.initialParameters(configuration, seed: seed)
      case .trained(let tensors): tensors
      case .frozen: [:]
      }
    var parameters = decoder.prefixed(Self.decoderPrefix)
    for adapter in adapters { parameters.merge(adapter.start.parameters.tensors.prefixed(adapter.prefix)) { $1 } }
    return parameters
  }

  /// The mean cross-entropy of the codes.
  public func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective {
    let decoder = decoder(parameters)
    var codes: [[Int]] = [], orders: [[Int]] = [], rows: [Int] = []
    var controls = [[(row: Int, control: PreparedControl)]](repeating: [], count: adapters.count)
    let context = PreprocessingContext(imageSize: model.imageSize, classNames: data.classNames)
    for (row, index) in batch.samples.enumerated() {
      var crop = batch.random(.crop, row: row), order = batch.random(.order, row: row)
      var drop = batch.random(.drop, row: row), change = batch.random(.augmentation, row: row)
      let sample = try data.sample(index) { Int.random(in: 0..<$0, using: &crop) }
      try check(sample, at: index)
      let kept = dropping.draw(controls: adapters.count, &drop)
      codes.append(sample.codes)
      orders.append(order.permutation(configuration.tokens))
      rows.append(self.row(of: kept.label ? sample.label : nil))
      for (number, trained) in adapters.enumerated() where kept.controls[number] {
        let stored = try data.control(trained.adapter, of: index, sample, in: context)
        controls[number].append((row, trained.adapter.augment(stored, using: &change)))
      }
    }
    var conditions: [Int: Tensor] = [:]
    var prefix = decoder.embed(rows).reshaped(codes.count, 1, configuration.dim)
    for (trained, given) in zip(adapters, controls) {
      // An adapter that no row is given says at least whether it has a prefix, and which one stands for none.
      let encoded = try given.isEmpty ? [stored(trained, of: batch.samples[0], in: context)] : given.map(\.control)
      let condition = try encode(encoded, trained, parameters, decoder), places = given.map(\.row)
      if let tokens = condition.prefix {
        let none = tokens.null
        prefix = prefix.joined(with: tokens.embeddings.spread(to: places, of: codes.count, elsewhere: none))
      }
      guard !given.isEmpty else { continue }
      for (layer, tensor) in condition.tokens.sorted(by: { $0.key < $1.key }) {
        let zeros = Tensor(shape: [1] + tensor.shape.dropFirst(), repeating: 0)
        let spread = tensor.spread(to: places, of: codes.count, elsewhere: zeros)
        conditions[layer] = conditions[layer].map { $0 + spread } ?? spread
      }
    }
    return Objective(
      loss: decoder.trainingLoss(
        codes: codes, orders: orders, prefix: prefix, conditions: conditions,
        dropout: dropout > 0
          ? Dropout(rate: dropout, seed: batch.seed, step: batch.step, firstRow: batch.firstRow) : nil))
  }

  /// A sample's control as it is stored, of its first crop.
  private func stored(
    _ trained: TrainedAdapter, of index: Int, in context: PreprocessingContext
  ) throws -> PreparedControl {
    try data.control(trained.adapter, of: index, data.sample(index) { _ in 0 }, in: context)
  }

  private func check(_ sample: TrainingData.Sample, at index: Int) throws {
    if let code = sample.codes.first(where: { !(0..<configuration.vocab ~= $0) }) {
      throw TrainingError.sample(
        path: data.path(of: index), found: "the code \(code)", expected: "0 to \(configuration.vocab - 1)")
    }
    guard let label = sample.label else { return }
    guard 0..<configuration.classes ~= label else {
      throw TrainingError.sample(
        path: data.path(of: index), found: "the class \(label)", expected: "0 to \(configuration.classes - 1)")
    }
  }

  /// The row of the embeddings that stands for a class, or for none.
  func row(of label: Int?) -> Int { label.map(configuration.classRow) ?? configuration.nullClassRow }

  /// What an adapter gives the decoder.
  func encode(
    _ controls: [PreparedControl], _ trained: TrainedAdapter, _ parameters: [String: Tensor], _ decoder: Decoder
  ) throws -> Condition {
    let encoder = try trained.adapter.makeEncoder(
      for: AdapterModel(
        decoder: decoder, imageSize: model.imageSize, classNames: data.classNames,
        configuration: trained.start.configuration,
        parameters: ParameterSet(
          parameters.scoped(trained.prefix), sourceName: "the weights of \(trained.adapter.descriptor.name)")))
    return try encoder.encode(controls)
  }

  /// The decoder of some parameters.
  func decoder(_ parameters: [String: Tensor]) -> Decoder {
    Decoder(configuration, ParameterReader(tensors: decoderTensors(parameters)))
  }

  /// The decoder's tensors by the names that they have in a model.
  func decoderTensors(_ parameters: [String: Tensor]) -> [String: Tensor] {
    if case .frozen(let tensors) = start { tensors } else { parameters.scoped(Self.decoderPrefix) }
  }

  /// Whether the decoder stays as it is.
  var isFrozen: Bool { if case .frozen = start { true } else { false } }

  private static let decoderPrefix = "decoder."
}

extension DecoderTask.TrainedAdapter {
  /// What stands before the names of its parameters.
  var prefix: String { "adapters.\(adapter.descriptor.name)." }
}

extension [String: Tensor] {
  fileprivate func prefixed(_ prefix: String) -> Self {
    Dictionary(uniqueKeysWithValues: map { (prefix + $0.key, $0.value) })
  }

  /// The tensors whose names have a prefix, without it.
  func scoped(_ prefix: String) -> Self {
    Dictionary(
      uniqueKeysWithValues: filter { $0.key.hasPrefix(prefix) }.map {
        (String($0.key.dropFirst(prefix.count)), $0.value)
      })
  }
}

extension Tensor {
  /// Puts the elements of a batch at some rows of a larger one, and another element at all other rows.
  fileprivate func spread(to rows: [Int], of batch: Int, elsewhere other: Tensor) -> Tensor {
    guard rows.count < batch else { return self }
    let size = other.count
    var places = Array(repeating: rows.count, count: batch)
    for (element, row) in rows.enumerated() { places[row] = element }
    let rest = other.reshaped(1, 1, size)
    let all = rows.isEmpty ? rest : reshaped(1, shape[0], size).joined(with: rest)
    return all.reshaped(rows.count + 1, size).selectingRows(places).reshaped([batch] + other.shape.dropFirst())
  }
}
