import ARPGTensor

/// Momentum whose matrices are made orthogonal: every direction of an update has the same length.
///
/// Kernels of convolutions are taken as matrices `[out, rest]`. Embeddings, heads and vectors are for ``AdamW``.
///
/// Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024.
public struct Muon: Optimizer, Equatable {
  /// How slowly the momentum moves, 0 ..< 1.
  public var momentum: Float
  /// The decay, times the learning rate.
  public var weightDecay: Float

  /// Suggested settings unless told otherwise.
  public init(momentum: Float = 0.95, weightDecay: Float = 0) {
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// The momentum.
  public var stateNames: [String] { ["momentum"] }

  /// One step. Traps where the tensor has fewer than two axes.
  public func update(_ parameter: Tensor, gradient: Tensor, state: [Tensor], step: Int, learningRate: Float)
    -> (parameter: Tensor, state: [Tensor])
  {
    precondition(parameter.shape.count >= 2, "Muon moves matrices, not tensors of shape \(parameter.shape)")
    let remembered = state[0].scaled(by: momentum).adding(gradient, scale: 1 - momentum)
    let ahead = remembered.scaled(by: momentum).adding(gradient, scale: 1 - momentum)
    let rows = parameter.shape[0], columns = parameter.count / max(1, parameter.shape[0])
    let update = Self.orthogonalized(ahead.reshaped(rows, columns)).reshaped(parameter.shape)
    let length = max(1, Float(rows) / Float(max(1, columns))).squareRoot()
    return (
      parameter.scaled(by: 1 - learningRate * weightDecay).adding(update, scale: -learningRate * length), [remembered]
    )
  }

  /// The nearest matrix whose singular values are all about 1 (0.7 to 1.2), by five Newton-Schulz iterations of the fifth
  /// degree: `[rows, columns]` to the same shape.
  package static func orthogonalized(_ matrix: Tensor) -> Tensor {
    let rows = matrix.shape[0], columns = matrix.shape[1]
    guard rows <= columns else {
      let turned = orthogonalized(matrix.reshaped(1, rows, columns).transposed().reshaped(columns, rows))
      return turned.reshaped(1, columns, rows).transposed().reshaped(rows, columns)
    }
    let norm = matrix.withValues { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }.squareRoot()
    var x = matrix.scaled(by: Float(1 / (norm + 1e-7)))
    for _ in 0..<5 {
      let square = x.matrixProduct(transposed: x)
      let polynomial = square.scaled(by: -4.7750).adding(square.matrixProduct(square), scale: 2.0315)
      x = x.scaled(by: 3.4445).adding(polynomial.matrixProduct(x), scale: 1)
    }
    return x
  }
}
