import ARPGTensor

/// A rule by which a tensor follows its gradient. The state that belongs to a tensor is handed in
/// and given back, so that a checkpoint can hold it.
public protocol Optimizer: Sendable {
  /// The names of its state for each tensor: tensors of the same shape, zero at first.
  var stateNames: [String] { get }

  /// One step.
  ///
  /// - Parameters:
  ///   - parameter: the tensor as it is.
  ///   - gradient: of the loss, of the same shape.
  ///   - state: of the tensor, in the order of their names; the caller gives it away, and it may be
  ///     changed in place.
  ///   - step: the number of the step, from 1.
  ///   - learningRate: the learning rate.
  /// - Returns: the tensor after the step, and its state.
  func update(_ parameter: Tensor, gradient: Tensor, state: [Tensor], step: Int, learningRate: Float)
    -> (parameter: Tensor, state: [Tensor])
}
