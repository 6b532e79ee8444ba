import ARPGTensor

/// All that a run must remember to go on as if it had not stopped.
public struct TrainingState: Sendable {
  /// The parameters by name.
  public var parameters: [String: Tensor]
  /// What optimisers remember of them.
  public var memory: OptimizerMemory
  /// Their moving averages; empty where there are none.
  public var averages: [String: Tensor]
  /// The number of steps that were taken.
  public var step: Int
  /// Where in the data the next step begins.
  public var position: DataPosition
  /// The seed of all random numbers.
  public let seed: UInt64

  /// The state of a run that begins.
  public init(parameters: [String: Tensor], seed: UInt64) {
    self.init(parameters: parameters, memory: [:], averages: [:], step: 0, position: DataPosition(), seed: seed)
  }

  init(
    parameters: [String: Tensor], memory: OptimizerMemory, averages: [String: Tensor], step: Int,
    position: DataPosition, seed: UInt64
  ) {
    self.parameters = parameters
    self.memory = memory
    self.averages = averages
    self.step = step
    self.position = position
    self.seed = seed
  }

  /// The parameters to use: the averages where there are any.
  public var served: [String: Tensor] { parameters.merging(averages) { $1 } }
}
