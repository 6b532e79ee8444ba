import ARPGTensor

/// A rule by which a tensor follows its gradient. It has no state of its own: what it remembers of a tensor is handed in
/// and given back, so that a checkpoint can hold it.
public protocol Optimizer: Sendable {
  /// The names of what it remembers of each tensor: tensors of the same shape, zero at first.
  var memory: [String] { get }

  /// One step.
  ///
  /// - Parameters:
  ///   - parameter: the tensor as it is.
  ///   - gradient: of the loss, of the same shape.
  ///   - memory: what is remembered of the tensor, in the order of their names; the caller gives it away, and it may be
  ///     changed in place.
  ///   - step: the number of the step, from 1.
  ///   - rate: the learning rate.
  /// - Returns: the tensor after the step, and what to remember.
  func update(_ parameter: Tensor, gradient: Tensor, memory: [Tensor], step: Int, rate: Float)
    -> (parameter: Tensor, memory: [Tensor])
}
