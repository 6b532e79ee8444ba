import ARPG
import ARPGTensor

extension AdapterSubject {
  /// Compares gradients with central differences along two directions for each tensor: the gradient itself, and a random one.
  func checkGradients() throws {
    _ = try trainable()
    guard let weights = try weights() else { return }
    let names = weights.parameters.names, elements = Array(try elements().prefix(2))
    let tensors = try Dictionary(uniqueKeysWithValues: names.map { ($0, try weights.parameters.tensor(named: $0)) })
    let fitted = try adapter.fit(to: model(weights)), parts = ModelParts(decoder: decoder, tokenizer: tokenizer)
    func condition(_ tensors: [String: Tensor]) throws -> Condition {
      try fitted.makeEncoder(ParameterSet(tensors), for: parts).encode(elements)
    }

    let tracked = tensors.mapValues { $0.tracked() }
    let leaves = names.compactMap { tracked[$0] }
    guard let loss = weighted(try condition(tracked)) else {
      throw unusable("a condition without values", "a prefix or condition tokens")
    }
    let found = gradients(of: loss, withRespectTo: leaves)
    let largest = found.map(\.norm).max() ?? 0
    for (number, (name, gradient)) in zip(names, found).enumerated() {
      guard let tensor = tensors[name], tensor.count > 0 else { continue }
      let random = Philox(seed: 21).normalTensor(shape: tensor.shape, deviation: 1, number: number, purpose: .kit)
      for direction in [gradient, random] where direction.norm > 0 {
        let unit = direction.scaled(by: 1 / Float(direction.norm))
        let step = 0.02 * max(tensor.norm, 0.1)
        func moved(_ sign: Double) throws -> Double {
          var all = tensors
          all[name] = tensor.adding(unit, scale: Float(sign * step))
          return weightedSum(try condition(all))
        }
        let expected = (try moved(1) - moved(-1)) / (2 * step), slope = gradient.dot(unit)
        // What a second step tells of how far the slope itself changes over a step.
        let half = step / 2
        func near(_ sign: Double) throws -> Double {
          var all = tensors
          all[name] = tensor.adding(unit, scale: Float(sign * half))
          return weightedSum(try condition(all))
        }
        let closer = (try near(1) - near(-1)) / (2 * half)
        let allowed =
          2 * abs(closer - expected) + 0.02 * abs(closer) + 2e-3 * largest / Double(tensor.count).squareRoot()
        try require(
          abs(closer - slope) <= allowed,
          found: "a slope of \(slope) in the gradient of \(name), \(closer) by finite differences",
          expected: "a difference of \(allowed) at most",
          "compute the condition from the tensors themselves, by differentiable operations, and not from copies of their values"
        )
      }
    }
  }

  /// A scalar of all values of a condition.
  private func weighted(_ condition: Condition) -> Tensor? {
    let scalars = condition.parts.enumerated().map { number, part in
      part.tensor.reshaped(1, part.tensor.count).linear(factors(number, part.tensor.count)).reshaped([])
    }
    return scalars.first.map { first in scalars.dropFirst().reduce(first) { $0 + $1 } }
  }

  /// The same, summed in double precision.
  private func weightedSum(_ condition: Condition) -> Double {
    condition.parts.enumerated().reduce(0) { sum, item in
      let tensor = item.element.tensor
      return sum + tensor.reshaped(1, tensor.count).dot(factors(item.offset, tensor.count))
    }
  }

  private func factors(_ number: Int, _ count: Int) -> Tensor {
    Philox(seed: 20).normalTensor(shape: [1, count], deviation: 1, number: number, purpose: .kit)
  }
}

extension Tensor {
  fileprivate func dot(_ other: Tensor) -> Double {
    zip(values, other.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  fileprivate var norm: Double { dot(self).squareRoot() }
}
