/// What a tracked tensor remembers of how it was made.
final class GradientNode: Sendable {
  /// Takes the gradient of the output and gives that of each input, nil where an input needs none.
  typealias Backward = @Sendable (Tensor) -> [Tensor?]

  let inputs: [GradientNode?]
  let backward: Backward?
  /// One more than the largest depth among the inputs, so that falling depth is a valid order for the backward pass.
  let depth: Int

  init(inputs: [GradientNode?], backward: Backward?) {
    self.inputs = inputs
    self.backward = backward
    depth = (inputs.lazy.compactMap { $0?.depth }.max() ?? -1) + 1
  }
}

extension Tensor {
  /// The same values as a leaf that gradients can be asked for.
  public func tracked() -> Tensor {
    Tensor(shape: shape, storage: storage, offset: offset, node: GradientNode(inputs: [], backward: nil))
  }

  /// The same values, remembered by nobody.
  public func detached() -> Tensor {
    Tensor(shape: shape, storage: storage, offset: offset)
  }

  /// Whether operations on this tensor are recorded.
  public var isTracked: Bool { node != nil }

  /// This tensor as the result of an operation on `inputs`. Nothing is kept unless one of them is tracked.
  ///
  /// - Parameters:
  ///   - inputs: what this tensor was computed from.
  ///   - backward: takes the gradient of this tensor and gives the gradient of each input, in order; nil means
  ///     zero. Called only when gradients are computed, with the shape of this tensor.
  public func recorded(from inputs: [Tensor], backward: @escaping @Sendable (Tensor) -> [Tensor?]) -> Tensor {
    guard inputs.contains(where: \.isTracked) else { return self }
    let node = GradientNode(inputs: inputs.map(\.node), backward: backward)
    return Tensor(shape: shape, storage: storage, offset: offset, node: node)
  }
}

/// The gradients of a scalar with respect to tracked leaves, by reverse accumulation.
///
/// - Parameters:
///   - output: one value, computed from the leaves.
///   - leaves: tensors made by ``Tensor/tracked()``.
/// - Returns: one tensor for each leaf, of its shape; zeros where `output` does not depend on it.
public func gradients(of output: Tensor, withRespectTo leaves: [Tensor]) -> [Tensor] {
  precondition(output.count == 1, "gradients are taken of one value, not of a tensor of shape \(output.shape)")
  var pending: [ObjectIdentifier: Tensor] = [:]
  if let node = output.node {
    pending[ObjectIdentifier(node)] = Tensor(shape: output.shape, repeating: 1)
    for node in reachable(from: node) {
      guard let backward = node.backward, let gradient = pending.removeValue(forKey: ObjectIdentifier(node)) else {
        continue
      }
      for (input, contribution) in zip(node.inputs, backward(gradient)) {
        guard let input, let contribution else { continue }
        pending[ObjectIdentifier(input)].add(contribution)
      }
    }
  }
  return leaves.map { leaf in
    leaf.node.flatMap { pending[ObjectIdentifier($0)] } ?? Tensor(shape: leaf.shape, repeating: 0)
  }
}

extension Tensor? {
  /// Adds a gradient to those that came before: in place where nobody else sees them.
  fileprivate mutating func add(_ contribution: Tensor) {
    // Taken out, so that a tensor held here alone is known to be.
    guard var sum = take() else {
      self = contribution
      return
    }
    sum.add(contribution)
    self = sum
  }
}

/// Every node that `root` depends on, itself included, deepest first.
private func reachable(from root: GradientNode) -> [GradientNode] {
  var seen: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
  var nodes = [root]
  var next = 0
  while next < nodes.count {
    for case let input? in nodes[next].inputs where seen.insert(ObjectIdentifier(input)).inserted {
      nodes.append(input)
    }
    next += 1
  }
  return nodes.sorted { $0.depth > $1.depth }
}
