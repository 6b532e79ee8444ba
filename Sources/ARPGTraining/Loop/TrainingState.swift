import ARPGTensor

/// All that a run must remember to be resumed as if it had not stopped.
public struct TrainingState: Sendable {
  /// The parameters by name.
  public var parameters: [String: Tensor]
  /// The state of the optimisers.
  package var optimizerState: OptimizerState
  /// Their EMA; empty where there is none.
  public var ema: [String: Tensor]
  /// The number of steps that were taken.
  public var step: Int
  /// Where in the data the next step begins.
  package var position: DataPosition
  /// The seed of all random numbers.
  public let seed: UInt64

  /// The state of a run that begins.
  public init(parameters: [String: Tensor], seed: UInt64) {
    self.init(parameters: parameters, optimizerState: [:], ema: [:], step: 0, position: DataPosition(), seed: seed)
  }

  init(
    parameters: [String: Tensor], optimizerState: OptimizerState, ema: [String: Tensor], step: Int,
    position: DataPosition, seed: UInt64
  ) {
    self.parameters = parameters
    self.optimizerState = optimizerState
    self.ema = ema
    self.step = step
    self.position = position
    self.seed = seed
  }

  /// The EMA of the parameters; the parameters themselves where there is none.
  public var emaParameters: [String: Tensor] { parameters.merging(ema) { $1 } }
}
