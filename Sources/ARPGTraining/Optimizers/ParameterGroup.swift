import ARPGTensor

/// Parameters that one optimiser moves at one rate.
public struct ParameterGroup: Sendable {
  /// How its parameters move.
  package let optimizer: any Optimizer
  /// The learning rate before the schedule.
  package let learningRate: Float
  private let includes: @Sendable (String, [Int]) -> Bool

  /// The parameters, given by name and shape, for which `includes` holds.
  public init(
    _ optimizer: any Optimizer, learningRate: Float,
    includes: @escaping @Sendable (_ name: String, _ shape: [Int]) -> Bool = { _, _ in true }
  ) {
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.includes = includes
  }

  /// Whether the group has the parameter.
  package func contains(_ name: String, shape: [Int]) -> Bool { includes(name, shape) }
}

/// The state of optimisers for each parameter, by the parameter's name.
package typealias OptimizerState = [String: [Tensor]]

extension [ParameterGroup] {
  /// Moves every parameter that has a gradient by the first group that contains it.
  ///
  /// - Parameters:
  ///   - parameters: are moved.
  ///   - gradients: by the parameters' names.
  ///   - state: of the optimisers; empty before the first step.
  ///   - step: the number of the step, from 1.
  ///   - factor: of the schedule.
  package func update(
    _ parameters: inout [String: Tensor], gradients: [String: Tensor], state: inout OptimizerState, step: Int,
    factor: Float
  ) {
    let names = gradients.keys.sorted()
    let before = parameters, old = state
    let moved = Parallel.map(names.count) { index -> (parameter: Tensor, state: [Tensor])? in
      guard let gradient = gradients[names[index]], let parameter = before[names[index]],
        let group = first(where: { $0.contains(names[index], shape: parameter.shape) })
      else { return nil }
      let given =
        old[names[index]]
        ?? group.optimizer.stateNames.map { _ in Tensor(shape: parameter.shape, repeating: 0) }
      return group.optimizer.update(
        parameter, gradient: gradient, state: given, step: step, learningRate: group.learningRate * factor)
    }
    for case (let name, let moved?) in zip(names, moved) { (parameters[name], state[name]) = moved }
  }

  /// The names of the state of a parameter.
  func stateNames(of name: String, shape: [Int]) -> [String] {
    first { $0.contains(name, shape: shape) }?.optimizer.stateNames ?? []
  }
}
