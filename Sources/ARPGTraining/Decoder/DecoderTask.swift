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
  /// What the loss is measured on beside; nil for none.
  public let heldOut: HeldOutData?
  private let start: DecoderStart

  /// What is trained; see the properties.
  ///
  /// - Throws: ``TrainingError`` where the data does not suit the decoder.
  public init(
    data: TrainingData, configuration: DecoderConfiguration, start: DecoderStart = .new,
    adapters: [TrainedAdapter] = [], model: ModelDraft, dropout: Float = 0.1,
    dropping: ConditionDropping = ConditionDropping(), heldOut: HeldOutData? = nil
  ) throws {
    for data in [data] + [heldOut?.data].compactMap({ $0 }) {
      guard data.tokens == configuration.tokens else {
        throw TrainingError.sample(
          path: data.root, found: "\(data.tokens) codes an image",
          expected: "\(configuration.tokens), as the decoder has")
      }
      if let classes = data.classes, classes > configuration.classes {
        throw TrainingError.sample(
          path: data.root, found: "\(classes) classes", expected: "\(configuration.classes), as the decoder has")
      }
    }
    self.data = data
    self.configuration = configuration
    self.start = start
    self.adapters = adapters
    self.model = model
    self.dropout = dropout
    self.dropping = dropping
    self.heldOut = heldOut
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
    let rows = try batch.samples.enumerated().map { place, index in
      var crop = batch.random(.crop, row: place), order = batch.random(.trainingOrder, row: place)
      var drop = batch.random(.drop, row: place), change = batch.random(.augmentation, row: place)
      let sample = try data.sample(index) { Int.random(in: 0..<$0, using: &crop) }
      let kept = dropping.draw(controls: adapters.count, hasClass: sample.label != nil, &drop)
      let drawn = order.permutation(configuration.tokens)
      return try row(sample, at: index, of: data, order: drawn, label: kept.label, controls: kept.controls) {
        $0.augment($1, using: &change)
      }
    }
    let dropout =
      dropout > 0 ? Dropout(rate: dropout, seed: batch.seed, step: batch.step, firstRow: batch.firstRow) : nil
    return Objective(loss: try loss(of: rows, parameters, from: data, first: batch.samples[0], dropout: dropout))
  }

  func check(_ sample: TrainingData.Sample, at index: Int, of data: TrainingData) throws {
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
