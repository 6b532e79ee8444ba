import ARPGTensor

/// From controls to pictures: a model and the adapters that may condition it.
public struct Pipeline: Sendable {
  /// The model.
  public let model: Model
  /// The adapters.
  public let registry: AdapterRegistry

  /// A pipeline of a model and adapters.
  public init(_ model: Model, adapters registry: AdapterRegistry) {
    self.model = model
    self.registry = registry
  }

  /// Reads and encodes controls.
  ///
  /// - Throws: where an adapter is not known, does not fit the model, or cannot use its input or options.
  public func prepare(_ specifications: [ControlSpecification]) throws -> PreparedControls {
    let context = PreprocessingContext(imageSize: model.imageSize, classNames: model.classNames)
    // Encoders first: an adapter that does not fit is told before anything is computed.
    let adapters = try specifications.map { try registry.adapter(named: $0.adapter) }
    let encoders = try adapters.map { try $0.makeEncoder(for: model.adapterModel($0.descriptor.name)) }
    var active: [ActiveControl] = []
    var inputs: [(adapter: String, controls: [PreparedControl])] = []
    for (specification, (adapter, encoder)) in zip(specifications, zip(adapters, encoders)) {
      let options = try OptionValues(specification.options, for: adapter.descriptor)
      let controls = try adapter.preprocess(specification.input, options: options, in: context)
      inputs.append((specification.adapter, controls))
      active.append(
        ActiveControl(
          try encoder.encode(controls), strength: specification.strength, window: specification.window,
          region: specification.region.map(tokenWeights)))
    }
    return PreparedControls(active: active, inputs: inputs, batch: try Self.batch(of: inputs))
  }

  /// Generates pictures.
  ///
  /// Every picture that the controls describe is made `count` times, numbered from 0; random numbers belong to the seed
  /// and this number, so that a picture does not depend on what is made beside it.
  ///
  /// - Parameters:
  ///   - controls: from ``prepare(_:)``.
  ///   - count: how often each picture is made.
  ///   - settings: how codes are drawn; where nil, what the model suggests for these controls.
  ///   - seed: of the random numbers.
  ///   - observe: is told of each step; what it throws ends the work.
  /// - Returns: the pictures, those of the first element of a list first.
  public func generate(
    _ controls: PreparedControls = .none, count: Int = 1, settings: SamplingSettings? = nil, seed: UInt64 = 0,
    observe: (GenerationProgress) throws -> Void = { _ in }
  ) throws -> [GeneratedImage] {
    var images: [GeneratedImage] = []
    try generate(controls, count: count, settings: settings, seed: seed, observe: observe) { images.append($0) }
    return images
  }

  /// Generates pictures as ``generate(_:count:settings:seed:observe:)`` does and hands each on as soon as it is finished.
  ///
  /// - Parameters:
  ///   - controls: from ``prepare(_:)``.
  ///   - count: how often each picture is made.
  ///   - settings: how codes are drawn; where nil, what the model suggests for these controls.
  ///   - seed: of the random numbers.
  ///   - processes: share out the pictures; this one makes a run of them, the same pictures however many processes there
  ///     are.
  ///   - observe: is told of each step; what it throws ends the work.
  ///   - deliver: takes each picture, in order; what it throws ends the work.
  public func generate(
    _ controls: PreparedControls = .none, count: Int = 1, settings: SamplingSettings? = nil, seed: UInt64 = 0,
    processes: any ProcessGroup = SingleProcess(), observe: (GenerationProgress) throws -> Void = { _ in },
    deliver: (GeneratedImage) throws -> Void
  ) throws {
    let settings = settings ?? model.sampling(for: controls.active)
    let jobs = processes.share(of: controls.batch * count).map { (element: $0 / count, number: $0 % count) }
    let size = batchSize(settings)
    for start in stride(from: 0, to: jobs.count, by: size) {
      let batch = Array(jobs[start..<min(start + size, jobs.count)])
      let request = SamplingRequest(
        images: batch.map(\.number), controls: controls.active.map { $0.selecting(batch.map(\.element)) },
        settings: settings, random: SeededRandomSource(seed: seed))
      var run = try Sampler(model.decoder).start(request)
      var logits: Tensor?
      run.observeLogits = { logits = $1 }
      while let step = run.next() {
        try observe(GenerationProgress(step: step, run: run, first: start, total: jobs.count, logits: logits))
      }
      for (job, codes) in zip(batch, run.codes) {
        try deliver(
          GeneratedImage(
            image: try model.picture(of: codes), codes: codes, element: job.element, number: job.number))
      }
    }
  }

  /// How many pictures are decoded together: as many as keep the logits of a step within a quarter of a gigabyte.
  private func batchSize(_ settings: SamplingSettings) -> Int {
    let configuration = model.decoder.configuration
    let largest = settings.schedule.stepSizes(tokens: configuration.tokens, steps: settings.steps).max() ?? 1
    return max(1, min(16, (1 << 28) / (largest * configuration.vocab * 4 * 3)))
  }

  /// The brightness of a picture at each token, in 0 ... 1.
  private func tokenWeights(_ region: Image) -> [Float] {
    let grid = model.decoder.configuration.grid
    return region.greyPlane.resized(to: ImageSize(width: grid, height: grid), filter: .box).values
  }

  private static func batch(of inputs: [(adapter: String, controls: [PreparedControl])]) throws -> Int {
    guard let longest = inputs.max(by: { $0.controls.count < $1.controls.count }) else { return 1 }
    for input in inputs where input.controls.count != 1 && input.controls.count != longest.controls.count {
      throw ControlError.batches(input.adapter, input.controls.count, longest.adapter, longest.controls.count)
    }
    return longest.controls.count
  }
}

/// A picture that was generated.
public struct GeneratedImage: Sendable {
  /// The picture.
  public let image: Image
  /// Its codes, in raster order.
  public let codes: [Int]
  /// Which element of the controls' lists it was made from.
  public let element: Int
  /// Its number among those of this element.
  public let number: Int
}

/// How far the generation of pictures has come.
public struct GenerationProgress {
  /// The step that was taken.
  public let step: SamplingStep
  /// The batch that is being decoded.
  public let run: SamplingRun
  /// How many pictures were finished before this batch.
  public let first: Int
  /// How many pictures there will be.
  public let total: Int
  /// The logits of the step, `[batch, positions, vocab]`, after guidance and before the temperature.
  public let logits: Tensor?

  /// The tokens decoded so far, over all pictures.
  public var tokensDone: Int { first * step.total + run.codes.count * step.done }
  /// The tokens that there are to decode, over all pictures.
  public var tokensTotal: Int { total * step.total }
}
