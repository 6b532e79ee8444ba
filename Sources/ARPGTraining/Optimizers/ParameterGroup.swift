import ARPGTensor

/// Parameters that one optimiser moves at one rate.
public struct ParameterGroup: Sendable {
  /// How its parameters move.
  public let optimizer: any Optimizer
  /// The learning rate before the schedule.
  public let rate: Float
  private let includes: @Sendable (String, [Int]) -> Bool

  /// The parameters, given by name and shape, for which `includes` holds.
  public init(
    _ optimizer: any Optimizer, rate: Float,
    includes: @escaping @Sendable (_ name: String, _ shape: [Int]) -> Bool = { _, _ in true }
  ) {
    self.optimizer = optimizer
    self.rate = rate
    self.includes = includes
  }

  /// Whether the group has the parameter.
  public func contains(_ name: String, shape: [Int]) -> Bool { includes(name, shape) }
}

/// What optimisers remember of each parameter, by the parameter's name.
public typealias OptimizerMemory = [String: [Tensor]]

extension [ParameterGroup] {
  /// Moves every parameter that has a gradient by the first group that contains it.
  ///
  /// - Parameters:
  ///   - parameters: are moved.
  ///   - gradients: by the parameters' names.
  ///   - memory: what is remembered; empty before the first step.
  ///   - step: the number of the step, from 1.
  ///   - factor: of the schedule.
  public func update(
    _ parameters: inout [String: Tensor], gradients: [String: Tensor], memory: inout OptimizerMemory, step: Int,
    factor: Float
  ) {
    let names = gradients.keys.sorted()
    let before = parameters, remembered = memory
    let moved = Parallel.map(names.count) { index -> (parameter: Tensor, memory: [Tensor])? in
      guard let gradient = gradients[names[index]], let parameter = before[names[index]],
        let group = first(where: { $0.contains(names[index], shape: parameter.shape) })
      else { return nil }
      let given =
        remembered[names[index]]
        ?? group.optimizer.memory.map { _ in Tensor(shape: parameter.shape, repeating: 0) }
      return group.optimizer.update(
        parameter, gradient: gradient, memory: given, step: step, rate: group.rate * factor)
    }
    for case (let name, let moved?) in zip(names, moved) { (parameters[name], memory[name]) = moved }
  }

  /// The names of what is remembered of a parameter.
  func memory(of name: String, shape: [Int]) -> [String] {
    first { $0.contains(name, shape: shape) }?.optimizer.memory ?? []
  }
}
