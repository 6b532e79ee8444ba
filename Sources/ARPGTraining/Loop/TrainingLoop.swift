import ARPGTensor

/// How a loop goes: the same for whatever is trained.
public struct LoopSettings: Sendable {
  /// Which parameters move, and how.
  public var groups: [ParameterGroup]
  /// How the learning rate changes.
  public var schedule: LearningRateSchedule
  /// The number of samples that are computed together.
  public var batch: Int
  /// The number of such batches in a step.
  public var accumulation: Int
  /// The largest norm of the gradients; nil for any.
  public var clip: Double?
  /// The EMA of the weights; nil for none.
  public var ema: WeightEMA?

  /// Settings; see the properties.
  public init(
    groups: [ParameterGroup], schedule: LearningRateSchedule, batch: Int, accumulation: Int = 1, clip: Double? = 1,
    ema: WeightEMA? = nil
  ) {
    self.groups = groups
    self.schedule = schedule
    self.batch = batch
    self.accumulation = accumulation
    self.clip = clip
    self.ema = ema
  }
}

/// Takes steps: samples, loss, gradients, optimisers.
public struct TrainingLoop<Task: TrainingTask>: Sendable {
  /// What is trained.
  public let task: Task
  /// How.
  public let settings: LoopSettings
  /// The processes that share out each batch; every one of them holds the whole state.
  public let processes: any ProcessGroup
  private var order: DataOrder

  /// A loop whose random numbers belong to a seed. Traps where a batch has fewer samples than there are processes.
  public init(
    _ task: Task, settings: LoopSettings, seed: UInt64, processes: any ProcessGroup = SingleProcess()
  ) {
    precondition(settings.batch >= processes.count, "a batch has a sample for each process")
    self.task = task
    self.settings = settings
    self.processes = processes
    order = DataOrder(count: task.sampleCount, seed: seed)
    TensorStorage.keepFreedMemory()
  }

  /// The state before the first step.
  public func start() throws -> TrainingState {
    TrainingState(parameters: try task.initialParameters(seed: order.seed), seed: order.seed)
  }

  /// Takes a step.
  ///
  /// - Throws: ``TrainingError/diverged(step:loss:)``, or what the task throws; the state is then as before.
  public mutating func step(_ state: inout TrainingState) throws -> StepReport {
    let step = state.step + 1
    var position = state.position
    let samples = order.next(settings.batch * settings.accumulation, from: &position)
    var sum = Accumulation()
    for part in 0..<settings.accumulation {
      let slices = slices(of: state.parameters, from: part * settings.batch)
      let loop = self, parameters = state.parameters, seed = state.seed
      let parts = Parallel.map(slices.count) { index in
        Result {
          try loop.differentiate(
            parameters,
            SampleBatch(
              samples: Array(samples[slices[index]]), step: step, firstRow: slices[index].lowerBound, seed: seed))
        }
      }
      for (slice, part) in zip(slices, parts) {
        try sum.add(part.get(), share: Double(slice.count) / Double(samples.count))
      }
    }
    sum.add(over: processes)
    let norm = sum.gradients.globalNorm
    guard sum.loss.isFinite, norm.isFinite else { throw TrainingError.diverged(step: step, loss: Float(sum.loss)) }
    let gradients = settings.clip.map { sum.gradients.clipped(to: $0, norm: norm) } ?? sum.gradients

    let factor = settings.schedule.factor(step: step)
    var next = state
    settings.groups.update(
      &next.parameters, gradients: gradients, state: &next.optimizerState, step: step, factor: Float(factor))
    try task.finishStep(
      &next.parameters, statistics: sum.statistics, batch: SampleBatch(samples: samples, step: step, seed: state.seed))
    // Nothing fails from here on: the old state is freed before the EMA needs memory.
    state.optimizerState = [:]
    settings.ema?.update(&next.ema, towards: next.parameters, step: step)
    next.step = step
    next.position = position
    state = next
    return StepReport(
      step: step, loss: sum.loss, gradientNorm: norm,
      learningRate: factor * Double(settings.groups.first?.learningRate ?? 0),
      samples: samples.count, metrics: sum.metrics)
  }

  /// This process's rows of a batch in slices that are differentiated side by side and added in order: several for a
  /// model whose gradients are small beside the activations of a slice, one for a model that is large enough to fill all
  /// threads by itself. How many there are does not depend on the threads, so that results do not either.
  private func slices(of parameters: [String: Tensor], from first: Int) -> [Range<Int>] {
    let isSmall = parameters.values.reduce(0) { $0 + $1.count } <= Self.maxSlicedParameters
    let rows = processes.share(of: settings.batch)
    let count = isSmall ? min(Self.maxSlices, rows.count) : 1
    let start = first + rows.lowerBound
    return (0..<count).map { start + $0 * rows.count / count..<start + ($0 + 1) * rows.count / count }
  }

  private static var maxSlices: Int { 4 }
  private static var maxSlicedParameters: Int { 1 << 25 }

  /// The objective of some samples and its gradients by the parameters' names.
  private func differentiate(
    _ parameters: [String: Tensor], _ batch: SampleBatch
  ) throws -> (objective: Objective, gradients: [String: Tensor]) {
    let trained = parameters.keys.filter(task.isTrained).sorted()
    var leaves = parameters
    for name in trained { leaves[name] = parameters[name]?.tracked() }
    var objective = try task.objective(leaves, batch)
    let found = gradients(of: objective.loss, withRespectTo: trained.compactMap { leaves[$0] })
    // What the loss remembers of its making is all of the slice's activations.
    objective.loss = objective.loss.detached()
    return (objective, Dictionary(uniqueKeysWithValues: zip(trained, found)))
  }
}

/// What a step found.
public struct StepReport: Sendable {
  /// The number of the step, from 1.
  public let step: Int
  /// The mean loss.
  public let loss: Double
  /// The norm of the gradients before clipping.
  public let gradientNorm: Double
  /// The learning rate of the first group.
  public let learningRate: Double
  /// The number of samples.
  public let samples: Int
  /// What the task measured.
  public let metrics: [String: Double]
}
