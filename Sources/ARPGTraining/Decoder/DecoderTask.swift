import ARPG
import ARPGTensor

/// Trains a decoder, adapters for it, or both together, on codes (ARPG, arXiv 2503.10568, section 3.2; ControlAR, arXiv
/// 2410.02705, section 3).
public struct DecoderTask: TrainingTask {
  /// An adapter that is trained.
  package struct TrainedAdapter: Sendable {
    /// The adapter.
    package let adapter: any TrainableAdapter
    /// Its settings, and the weights that it begins with.
    package let start: NewAdapter
    /// The adapter as it suits the model.
    fileprivate let fitted: any FittedAdapter

    /// An adapter and where it begins.
    ///
    /// - Throws: where it does not suit the model.
    package init(_ adapter: any TrainableAdapter, start: NewAdapter, layout: DecoderLayout, model: ModelDescription)
      throws
    {
      self.adapter = adapter
      self.start = start
      fitted = try adapter.fit(
        to: AdapterModel(
          layout: layout, imageSize: ImageSize(width: model.imageSize, height: model.imageSize),
          classNames: model.classNames,
          weights: AdapterWeights(configuration: start.configuration, parameters: start.parameters)))
    }
  }

  /// Whether the decoder's weights move, and where they begin.
  package enum DecoderStart: Sendable {
    /// A new decoder, which is trained.
    case new
    /// A decoder that is trained on.
    case trained([String: Tensor])
    /// A decoder that stays as it is.
    case frozen([String: Tensor])
  }

  /// The data.
  package let data: TrainingData
  /// The decoder's family and sizes.
  package let part: DecoderPart
  /// What the written model says of itself, its decoder and trained adapters apart.
  package let model: ModelDescription
  /// The folder with the files that the description names; nil where it names none.
  package let source: ModelFolder?
  /// The adapters that are trained.
  package let adapters: [TrainedAdapter]
  /// The probability that a value is dropped.
  package let dropout: Float
  /// How often conditions are left out.
  package let dropping: ConditionDropping
  /// What the loss is measured on beside; nil for none.
  package let heldOut: HeldOutData<TrainingData>?
  /// What the user should know of how the task was put together.
  public internal(set) var notes: [String] = []
  private let start: DecoderStart

  /// What is trained; see the properties.
  ///
  /// - Throws: ``TrainingError`` where the data does not suit the decoder.
  package init(
    data: TrainingData, decoder part: DecoderPart, start: DecoderStart = .new,
    adapters: [TrainedAdapter] = [], model: ModelDescription, source: ModelFolder? = nil, dropout: Float = 0.1,
    dropping: ConditionDropping = ConditionDropping(), heldOut: HeldOutData<TrainingData>? = nil
  ) throws {
    let layout = part.layout
    for data in [data] + [heldOut?.data].compactMap({ $0 }) { try data.check(for: layout) }
    self.data = data
    self.part = part
    self.start = start
    self.adapters = adapters
    self.model = model
    self.source = source
    self.dropout = dropout
    self.dropping = dropping
    self.heldOut = heldOut
  }

  /// What the decoder's layers, grid and codes are.
  package var layout: DecoderLayout { part.layout }

  /// The number of images.
  public var sampleCount: Int { data.count }

  /// What adapters may know when they read controls of some data.
  func context(of data: TrainingData) -> PreprocessingContext {
    PreprocessingContext(
      imageSize: ImageSize(width: model.imageSize, height: model.imageSize), classNames: data.classNames)
  }

  /// The decoder's behind `decoder.` unless it stays as it is, and each adapter's behind `adapters.NAME.`.
  public func initialParameters(seed: UInt64) -> [String: Tensor] {
    let decoder: [String: Tensor] =
      switch start {
      case .new: part.initialParameters(seed: seed)
      case .trained(let tensors): tensors
      case .frozen: [:]
      }
    var parameters = decoder.prefixed(Self.decoderPrefix)
    for adapter in adapters { parameters.merge(adapter.start.parameters.tensors.prefixed(adapter.prefix)) { $1 } }
    return parameters
  }

  /// That of the codes.
  public func dataFingerprint() throws -> String? { try data.fingerprint() }

  /// The mean cross-entropy of the codes.
  public func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective {
    let rows = try batch.samples.enumerated().map { place, index in
      var crop = batch.random(.crop, row: place), order = batch.random(.trainingOrder, row: place)
      var drop = batch.random(.drop, row: place), change = batch.random(.augmentation, row: place)
      let sample = try data.sample(index) { Int.random(in: 0..<$0, using: &crop) }
      let kept = dropping.draw(controls: adapters.count, hasClass: sample.label != nil, &drop)
      return try row(sample, at: index, of: data, order: self.order(&order), label: kept.label, controls: kept.controls)
      {
        $0.augment($1, using: &change)
      }
    }
    let dropout =
      dropout > 0 ? Dropout(rate: dropout, seed: batch.seed, step: batch.step, firstRow: batch.firstRow) : nil
    return Objective(loss: try loss(of: rows, parameters, dropout: dropout))
  }

  /// An order in which an image's codes are predicted, where the decoder leaves a choice.
  func order(_ random: inout PhiloxStream) -> [Int] {
    layout.order == .raster ? Array(0..<layout.tokens) : random.permutation(layout.tokens)
  }

  /// The encoder of an adapter with some parameters.
  func encoder(
    _ trained: TrainedAdapter, _ parameters: [String: Tensor], for decoder: any ImageDecoder
  ) throws -> any ControlEncoder {
    try trained.fitted.makeEncoder(
      ParameterSet(
        parameters.scoped(trained.prefix), sourceName: "the weights of \(trained.adapter.descriptor.name)"),
      for: ModelParts(decoder: decoder))
  }

  /// The decoder of some parameters.
  func decoder(_ parameters: [String: Tensor]) -> any ImageDecoder { part.decoder(of: decoderTensors(parameters)) }

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
