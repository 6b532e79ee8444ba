import ARPG
import ARPGTensor

/// What is trained, and on what: everything that the loop does not know.
///
/// Parameters are tensors by name. The loop hands them to ``objective(_:_:)`` as tracked leaves, takes gradients of the
/// loss, and gives the optimisers' tensors to the next step. A task may have parameters that it changes itself, such as the
/// averages of a codebook: ``isTrained(_:)`` says no to them, and ``finishStep(_:statistics:batch:)`` changes them.
public protocol TrainingTask: Sendable {
  /// The number of samples there are.
  var sampleCount: Int { get }

  /// The parameters that training begins with; all of them are kept in checkpoints.
  func initialParameters(seed: UInt64) throws -> [String: Tensor]

  /// Whether a parameter follows its gradient.
  func isTrained(_ parameter: String) -> Bool

  /// The mean loss over some samples.
  func objective(_ parameters: [String: Tensor], _ batch: SampleBatch) throws -> Objective

  /// Changes parameters that follow no gradient, after the others have moved.
  ///
  /// - Parameters:
  ///   - parameters: after the step.
  ///   - statistics: those of the objectives of the step, added up.
  ///   - batch: the samples of the whole step.
  func finishStep(_ parameters: inout [String: Tensor], statistics: [String: Tensor], batch: SampleBatch) throws

  /// Writes a model of some parameters, into a folder or beside what it has.
  func writeModel(_ parameters: [String: Tensor], to folder: String) throws

  /// Writes a model with the latest sheet of samples, where there is one; by default without it.
  func writeModel(_ parameters: [String: Tensor], to folder: String, sample: Image?) throws

  /// Images that show how well some parameters serve; nil where there is nothing to show.
  func sampleSheet(_ parameters: [String: Tensor], seed: UInt64) throws -> Image?

  /// What tells the data from other data, so that a run is not resumed with it unnoticed; nil where it cannot change.
  func dataFingerprint() throws -> String?

  /// What of the data could not be read and was left out so far, a line each.
  func leftOut() -> [String]

  /// Losses and other measurements on data that is not trained on, by their names, such as what the samples were given; empty
  /// where there is none.
  func heldOutLosses(_ parameters: [String: Tensor], seed: UInt64) throws -> [String: Double]
}

extension TrainingTask {
  /// The model alone.
  public func writeModel(_ parameters: [String: Tensor], to folder: String, sample: Image?) throws {
    try writeModel(parameters, to: folder)
  }

  /// By default every parameter follows its gradient.
  public func isTrained(_ parameter: String) -> Bool { true }
  /// By default no parameter is changed without a gradient.
  public func finishStep(
    _ parameters: inout [String: Tensor], statistics: [String: Tensor], batch: SampleBatch
  ) throws {}
  /// By default there is nothing to show.
  public func sampleSheet(_ parameters: [String: Tensor], seed: UInt64) throws -> Image? { nil }
  /// By default the data cannot change.
  public func dataFingerprint() throws -> String? { nil }
  /// By default nothing is left out.
  public func leftOut() -> [String] { [] }
  /// By default nothing is held out.
  public func heldOutLosses(_ parameters: [String: Tensor], seed: UInt64) throws -> [String: Double] { [:] }
}

/// Samples that are taken together.
public struct SampleBatch: Sendable {
  /// Which samples of the data.
  public let samples: [Int]
  /// The number of the step, from 1.
  public let step: Int
  /// The place of the first of them in the step, which may take its samples in several batches.
  public let firstRow: Int
  /// The seed of the run.
  public let seed: UInt64

  /// Samples of a step; see the properties.
  public init(samples: [Int], step: Int, firstRow: Int = 0, seed: UInt64) {
    self.samples = samples
    self.step = step
    self.firstRow = firstRow
    self.seed = seed
  }

  /// Random numbers for one row of the batch: they depend on the seed, the step and the row's place in the step, not on
  /// how the step is split into batches.
  ///
  /// - Parameters:
  ///   - purpose: what they are for.
  ///   - row: of this batch.
  public func random(_ purpose: RandomPurpose, row: Int) -> PhiloxStream {
    PhiloxStream(
      Philox(seed: seed),
      name: SIMD3(UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: firstRow + row), purpose.number))
  }
}

/// A loss, and what else was found on the way.
public struct Objective: Sendable {
  /// A scalar.
  public var loss: Tensor
  /// Numbers for the log; those of a step are averaged.
  public var metrics: [String: Double]
  /// Tensors for ``TrainingTask/finishStep(_:statistics:batch:)``; those of a step are added up.
  public var statistics: [String: Tensor]

  /// An objective; see the properties.
  public init(loss: Tensor, metrics: [String: Double] = [:], statistics: [String: Tensor] = [:]) {
    self.loss = loss
    self.metrics = metrics
    self.statistics = statistics
  }
}
