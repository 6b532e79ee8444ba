import ARPG
import ARPGTensor
import CannyControl
import Synchronization

/// The adapter of edges with a fault, or with none.
final class FaultyControl: TrainableAdapter, ScoredAdapter, ControlPreprocessor {
  let fault: Fault?
  let calls = Atomic(0)
  private let base = CannyControl()
  /// Memory that a decoder borrows.
  private let memory: SharedFloats?

  init(_ fault: Fault?, memory: SharedFloats? = nil) {
    self.fault = fault
    self.memory = memory
  }

  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// How often this was called before.
  private func count() -> Int { calls.wrappingAdd(1, ordering: .relaxed).oldValue }

  var descriptor: AdapterDescriptor {
    let base = base.descriptor
    switch fault {
    case .descriptorChanges: return renamed("canny-\(count())")
    case .illFormedDescriptor: return renamed("Canny edges")
    default: return base
    }
  }

  private func renamed(_ name: String) -> AdapterDescriptor {
    AdapterDescriptor(
      name: name, summary: base.descriptor.summary, input: .image, inputSummary: base.descriptor.inputSummary,
      options: base.descriptor.options)
  }

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .image(let image) = input else {
      switch fault {
      case .takesTexts: return [PreparedControl(controlImage: Plane(width: 1, height: 1, values: [0]))]
      case .errorOfSeveralLines: throw Refusal(description: "canny takes an image\nand nothing else")
      default: return try base.preprocess(input, options: options, in: context)
      }
    }
    let elements = try base.preprocess(input, options: options, in: context)
    switch fault {
    case .endOfRangeThrows where options.number("high") == 2040: throw Refusal(description: "high is too large")
    case .givesNothing: return []
    case .remembersInputs:
      return elements.map { PreparedControl(values: $0.values, image: $0.image, note: "input \(count())") }
    case .notANumberForBlank where Set(image.image.pixels).count == 1:
      return elements.map { PreparedControl(values: $0.values.scaled(by: .nan), image: $0.image) }
    default: return elements
    }
  }

  func settings(of weights: AdapterWeights) throws -> JSONValue {
    let settings = try base.settings(of: weights)
    guard fault == .changesSettings, case .object(var fields) = settings else { return settings }
    fields["heads"] = .number(2)
    return .object(fields)
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter {
    if fault == .readsToFit, let weights = model.weights?.parameters { _ = try weights.tensor(named: weights.names[0]) }
    do {
      return Fitted(owner: self, base: try base.fit(to: model))
    } catch {
      switch fault {
      case .fitsAnyShape where model.weights != nil: return Fitted(owner: self, base: nil)
      case .fitsWithoutWeights where model.weights == nil: return Fitted(owner: self, base: nil)
      case .namesNoShape: throw Refusal(description: "the weights do not fit")
      default: throw error
      }
    }
  }

  func initialParameters(for model: AdapterModel, settings: JSONValue?, seed: UInt64) throws -> NewAdapter {
    let seed = fault == .ignoresSeed ? 0 : fault == .drawsWithoutSeed ? UInt64(count()) : seed
    var new = try base.initialParameters(for: model, settings: settings, seed: seed)
    let last = "condition_layers.1.fc2.weight", first = "condition_mlp.fc1.weight"
    switch fault {
    case .lacksInitialWeight: new.parameters.tensors[first] = nil
    case .beginsWithNoise:
      new.parameters.tensors[last] = new.parameters.tensors[first]?.scaled(by: 1e-3)
    case .takesNumbersOfDecoder:
      new.parameters.tensors[first] = new.parameters.tensors[first].map {
        Philox(seed: seed).normalTensor(shape: $0.shape, deviation: 0.1, number: 5, purpose: .initialization)
      }
    default: break
    }
    return new
  }

  func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl {
    let control = try base.storedControl(input, in: context)
    guard fault == .storesOtherImage else { return control }
    return PreparedControl(controlImage: control.controlPlane.map { 1 - $0 })
  }

  var trainingMaps: [TrainingMap] { base.trainingMaps }

  func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
    let control = try base.control(of: image, in: context)
    switch fault {
    case .storesNothing: return control.map { PreparedControl(values: $0.values) }
    case .controlsAtRandom:
      return control.map { PreparedControl(values: $0.values, image: $0.image, note: "\(count())") }
    default: return control
    }
  }

  func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl {
    let changed = base.augment(control, using: &random).controlPlane
    switch fault {
    case .augmentsShape:
      return PreparedControl(
        controlImage: Plane(width: changed.width / 2, height: changed.height * 2, values: changed.values))
    case .augmentsOutOfRange: return PreparedControl(controlImage: changed.map { 1.2 * $0 - 0.1 })
    case .augmentsWithoutStream:
      let shift = Float(count() % 7) / 10
      return PreparedControl(controlImage: changed.map { $0 * (1 - shift) })
    default: return PreparedControl(controlImage: changed)
    }
  }

  var scores: [ScoreDescriptor] {
    switch fault {
    case .illFormedScore: [ScoreDescriptor("F1", "F1 of edges", isHigherBetter: true)]
    case .scoresChange: [ScoreDescriptor("f1-\(count())", "F1 of edges", isHigherBetter: true)]
    case .scoresBackwards: base.scores.map { ScoreDescriptor($0.name, $0.summary, isHigherBetter: false) }
    default: base.scores
    }
  }

  func scores(
    of image: Image, following control: PreparedControl, in context: PreprocessingContext
  ) throws -> [String: Double] {
    var scores = try base.scores(of: image, following: control, in: context)
    let isBlank = Set(image.pixels).count == 1
    switch fault {
    case .scoreNotDescribed: scores["recall"] = 1
    case .scoreNotANumber where isBlank: scores["f1"] = .nan
    case .scoringThrows where isBlank: throw Refusal(description: "there is nothing in the image")
    case .scoresAtRandom: scores["f1"] = Double(count())
    default: break
    }
    return scores
  }

  /// Fitted; without a base nothing was checked.
  struct Fitted: FittedAdapter {
    let owner: FaultyControl
    let base: (any FittedAdapter)?

    func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
      guard let base else { throw Refusal(description: "the weights do not fit after all") }
      let source = parameters.map { FaultySource(base: $0, fault: owner.fault) }
      return Encoder(
        owner: owner, base: try base.makeEncoder(source, for: parts), isOfFile: parameters is Checkpoint,
        dim: parts.decoder.layout.dim)
    }
  }

  struct Encoder: ControlEncoder {
    let owner: FaultyControl
    let base: any ControlEncoder
    let isOfFile: Bool
    let dim: Int

    var nullPrefix: Tensor? { owner.fault == .otherNull ? row(0.5) : nil }

    private func row(_ value: Float) -> Tensor { Tensor(shape: [1, 1, dim], repeating: value) }

    func encode(_ batch: [PreparedControl]) throws -> Condition {
      var condition = try base.encode(batch)
      func scale(by factor: Float) { condition.tokens = condition.tokens.mapValues { $0.scaled(by: factor) } }
      switch owner.fault {
      case .unknownLayer: condition.tokens[99] = condition.tokens.removeValue(forKey: 0)
      case .wrongWidth:
        condition.tokens = condition.tokens.mapValues { $0.reshaped($0.shape[0], $0.shape[1] * 2, $0.shape[2] / 2) }
      case .infinite: scale(by: .infinity)
      case .looksAtBatch: scale(by: 1 / Float(batch.count))
      case .countsCalls: scale(by: owner.count() == 1 ? 1.01 : 1)
      case .countsThreads: scale(by: Parallel.threads == 3 ? 1.01 : 1)
      case .lacksNullPrefix, .otherNull: condition.prefix = .init(embeddings: row(1), null: row(0))
      case .givesPartWhenCancelled where Task.isCancelled: scale(by: 0)
      case .readsFilesOtherwise where isOfFile: scale(by: 1.01)
      case .changesDecoder: owner.memory?.change()
      default: break
      }
      return condition
    }
  }
}

/// Weights of which one is not what gradients need.
private struct FaultySource: ParameterSource {
  let base: any ParameterSource
  let fault: Fault?

  var sourceName: String { base.sourceName }
  var names: [String] { base.names }
  func shape(of name: String) -> [Int]? { base.shape(of: name) }

  func tensor(named name: String) throws -> Tensor {
    let tensor = try base.tensor(named: name)
    guard name == "condition_mlp.fc1.weight" else { return tensor }
    switch fault {
    case .detachesWeight: return tensor.detached()
    case .doublesGradient: return tensor.detached().recorded(from: [tensor]) { [$0.scaled(by: 2)] }
    default: return tensor
    }
  }
}

/// Floats that a tensor borrows, and that can be changed behind its back.
final class SharedFloats: @unchecked Sendable {
  private let floats: UnsafeMutableBufferPointer<Float>

  init(_ values: [Float]) {
    floats = .allocate(capacity: values.count)
    _ = floats.initialize(from: values)
  }

  deinit { floats.deallocate() }

  /// A tensor of these floats.
  func tensor(_ shape: [Int]) -> Tensor { Tensor(shape: shape, borrowing: UnsafeBufferPointer(floats), from: self) }

  /// Doubles them.
  func change() {
    for index in floats.indices { floats[index] *= 2 }
  }
}
