import ARPG

/// The settings of a recipe that do not depend on what is trained.
public struct LoopRecipe: Codable, Sendable, Equatable {
  /// The optimisers that there are.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// ``AdamW`` for everything.
    case adamw
    /// ``Muon`` for matrices and kernels, ``AdamW`` for embeddings, heads and vectors.
    case muon
  }

  /// `steps`: the number of steps. 10000.
  package var steps = 10_000
  /// `batch`: the samples that are computed together. 24.
  package var batch = 24
  /// `accumulation`: the batches in a step. 1.
  package var accumulation = 1
  /// `optimizer`: `adamw` or `muon`. `adamw`.
  package var optimizer = Kind.adamw
  /// `learning_rate`: the learning rate of AdamW. 4e-4.
  package var learningRate: Float = 4e-4
  /// `muon_learning_rate`: the learning rate of Muon. 2e-3.
  package var muonLearningRate: Float = 2e-3
  /// `beta1`, `beta2`: of AdamW. 0.9 and 0.95.
  package var beta1: Float = 0.9
  /// See `beta1`.
  package var beta2: Float = 0.95
  /// `weight_decay`: of matrices. 0.05.
  package var weightDecay: Float = 0.05
  /// `schedule`: `constant`, `cosine` or `linear`. `cosine`.
  package var schedule = LearningRateSchedule.Course.cosine
  /// `warmup`: the steps of the rise. 100.
  package var warmup = 100
  /// `last_learning_rate`: the fraction of the learning rate that is left in the end. 0.1.
  package var lastLearningRate = 0.1
  /// `clip`: the largest norm of the gradients; 0 for any. 1.
  package var clip = 1.0
  /// `ema`: the decay of the EMA of the weights; 0 for none. 0.9999.
  package var ema = 0.9999
  /// `checkpoint_every`: the steps from one checkpoint to the next. 500.
  package var checkpointEvery = 500
  /// `log_every`: the steps from one line of the log to the next. 10.
  package var logEvery = 10
  /// `sample_every`: the steps from one sample sheet to the next; 0 for none. 500.
  package var sampleEvery = 500
  /// `evaluate_every`: the steps from one measurement of held-out losses to the next, where there is held-out data; 0 for
  /// none. 500.
  package var evaluateEvery = 500

  /// The defaults.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case steps, batch, accumulation, optimizer, beta1, beta2, schedule, warmup, clip, ema
    case learningRate = "learning_rate"
    case muonLearningRate = "muon_learning_rate"
    case weightDecay = "weight_decay"
    case lastLearningRate = "last_learning_rate"
    case checkpointEvery = "checkpoint_every"
    case logEvery = "log_every"
    case sampleEvery = "sample_every"
    case evaluateEvery = "evaluate_every"
  }

  /// Former names of settings, which are still read.
  static let renamed = [
    "rate": "learning_rate", "muon_rate": "muon_learning_rate", "last_rate": "last_learning_rate", "average": "ema",
  ]

  /// The settings that may change when a run is resumed.
  public static let changeable: Set<String> = [
    "steps", "checkpoint_every", "log_every", "sample_every", "evaluate_every", "learning_rate", "muon_learning_rate",
    "schedule", "warmup", "last_learning_rate", "batch", "accumulation", "clip", "weight_decay",
  ]

  /// Checks every setting.
  public func validate() throws {
    for (setting, value, least) in [
      ("steps", steps, 1), ("batch", batch, 1), ("accumulation", accumulation, 1), ("warmup", warmup, 0),
      ("checkpoint_every", checkpointEvery, 1), ("log_every", logEvery, 1), ("sample_every", sampleEvery, 0),
      ("evaluate_every", evaluateEvery, 0),
    ] {
      try TrainingError.require(least...1 << 30 ~= value, setting, value, "\(least) to \(1 << 30)")
    }
    try TrainingError.require(batch <= 1 << 16 && accumulation <= 1 << 16, "batch", batch, "at most \(1 << 16)")
    for (setting, value) in [
      ("learning_rate", learningRate), ("muon_learning_rate", muonLearningRate), ("weight_decay", weightDecay),
    ] {
      try TrainingError.require(0...10 ~= value, setting, value, "0 to 10")
    }
    for (setting, value) in [("beta1", Double(beta1)), ("beta2", Double(beta2)), ("ema", ema)] {
      try TrainingError.require(0..<1 ~= value, setting, value, "0 to below 1")
    }
    try TrainingError.require(0...1 ~= lastLearningRate, "last_learning_rate", lastLearningRate, "0 to 1")
    try TrainingError.require(0...1e9 ~= clip, "clip", clip, "0, for any norm, to 1e9")
  }

  /// The settings of the loop.
  public var settings: LoopSettings {
    let adamW = ParameterGroup(AdamW(beta1: beta1, beta2: beta2, weightDecay: weightDecay), learningRate: learningRate)
    let muon = ParameterGroup(Muon(weightDecay: weightDecay), learningRate: muonLearningRate, includes: Muon.suits)
    return LoopSettings(
      groups: optimizer == .muon ? [muon, adamW] : [adamW],
      schedule: LearningRateSchedule(schedule, warmup: warmup, steps: steps, last: lastLearningRate), batch: batch,
      accumulation: accumulation, clip: clip > 0 ? clip : nil,
      ema: ema > 0 ? WeightEMA(decay: ema) : nil)
  }
}

extension TrainingRun.Intervals {
  /// The intervals of a recipe.
  public init(_ recipe: LoopRecipe) {
    self.init(
      checkpoint: recipe.checkpointEvery, log: recipe.logEvery, samples: recipe.sampleEvery,
      evaluation: recipe.evaluateEvery)
  }
}

extension Muon {
  /// Whether a parameter is a matrix between layers or a convolution's kernel: no embedding, head, codebook or vector.
  @Sendable public static func suits(_ name: String, _ shape: [Int]) -> Bool {
    guard shape.count == 2 || shape.count == 4, name.hasSuffix(".weight") else { return false }
    return !["embeddings.weight", "embedding.weight", "head.weight"].contains(where: name.hasSuffix)
  }
}
