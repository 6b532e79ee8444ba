import ARPGTensor

extension [String: Tensor] {
  /// The length of all gradients taken as one vector.
  package var globalNorm: Double {
    sorted { $0.key < $1.key }.reduce(0.0) { $0 + $1.value.squaredNorm }.squareRoot()
  }

  /// The gradients, scaled down together where their ``globalNorm`` exceeds a limit.
  ///
  /// Source: Pascanu et al., arXiv 1211.5063.
  ///
  /// - Parameters:
  ///   - limit: the largest norm, above 0.
  ///   - norm: the norm that they have.
  package func clipped(to limit: Double, norm: Double) -> [String: Tensor] {
    guard norm > limit else { return self }
    let factor = Float(limit / (norm + 1e-6))
    return mapValues { $0.scaled(by: factor) }
  }
}

extension Tensor {
  fileprivate var squaredNorm: Double { withValues { $0.reduce(0.0) { $0 + Double($1) * Double($1) } } }
}
