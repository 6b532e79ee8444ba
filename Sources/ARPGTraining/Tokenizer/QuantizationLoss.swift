import ARPGTensor

extension Tensor {
  /// The values of another tensor of the same shape, with gradients going to this one as if they were its own.
  ///
  /// Source: Bengio et al., arXiv 1308.3432; van den Oord et al., arXiv 1711.00937, section 3.2.
  func straightThrough(to values: Tensor) -> Tensor {
    precondition(shape == values.shape, "the shapes \(shape) and \(values.shape) differ")
    return values.detached().recorded(from: [self]) { [$0] }
  }

  /// The mean over rows of the squared distance to a constant of the same shape: `[..., dim]`, to a scalar.
  func meanSquaredDistance(to constant: Tensor) -> Tensor {
    precondition(shape == constant.shape, "the shapes \(shape) and \(constant.shape) differ")
    let difference = detached().adding(constant.detached(), scale: -1)
    let rows = Float(count / (shape.last ?? 1))
    let total = difference.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    return Tensor(shape: [], values: [Float(total / Double(rows))]).recorded(from: [self]) {
      [difference.scaled(by: 2 * $0.scalar / rows)]
    }
  }
}
