import ARPG
import ARPGTensor

extension ControlARNetwork {
  /// What a counter of the random numbers is used for: not what the sampler's are (0 and 1).
  private static let purpose: UInt32 = 2

  /// The parameters of a new adapter. It changes nothing yet: the last linear layer before each injection is zero.
  ///
  /// Matrices are normal with a deviation of one over the root of their inputs, so that a signal keeps its size through
  /// the layers; the class token and position embeddings are normal with a deviation of 0.02; gains are one, biases zero.
  ///
  /// - Parameters:
  ///   - configuration: the sizes.
  ///   - seed: of the random numbers.
  ///   - encoder: a published checkpoint of the encoder to start from; nil for a new one.
  /// - Throws: where the checkpoint is not one of this encoder.
  public static func initialParameters(
    _ configuration: Configuration, seed: UInt64, encoder: (any ParameterSource)? = nil
  ) throws -> ParameterSet {
    let table = parameterTable(configuration)
    var tensors: [String: Tensor] = [:]
    for (number, entry) in table.enumerated() {
      tensors[entry.name] = initial(entry, number: number, generator: Philox(seed: seed))
    }
    if let published = encoder?.publishedEncoder {
      let needed = table.filter { $0.name.hasPrefix("encoder.") }.map {
        ParameterSpecification(name: String($0.name.dropFirst("encoder.".count)), shape: $0.shape)
      }
      try ParameterError.check(published, against: needed, ignoring: VisionTransformer.ignores)
      for entry in needed { tensors["encoder." + entry.name] = try published.tensor(named: entry.name) }
    }
    return ParameterSet(tensors, sourceName: "a new adapter")
  }

  private static func initial(_ entry: ParameterSpecification, number: Int, generator: Philox) -> Tensor {
    let (name, shape) = (entry.name, entry.shape)
    if shape.count == 1 { return Tensor(shape: shape, repeating: name.hasSuffix(".bias") ? 0 : 1) }
    if name.hasPrefix("condition_layers."), name.hasSuffix(".fc2.weight") { return Tensor(shape: shape, repeating: 0) }
    let isMatrix = name.hasSuffix(".weight")
    let deviation = isMatrix ? 1 / Float(shape.dropFirst().reduce(1, *)).squareRoot() : 0.02
    return generator.normalTensor(shape: shape, deviation: deviation, number: number, purpose: purpose)
  }
}
