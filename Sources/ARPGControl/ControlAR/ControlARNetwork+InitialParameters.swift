import ARPG
import ARPGLayers
import ARPGTensor

extension ControlARNetwork {
  /// The parameters of a new adapter. It changes nothing yet: the last linear layer before each injection is zero.
  ///
  /// - Parameters:
  ///   - configuration: the sizes.
  ///   - seed: of the random numbers.
  ///   - encoder: a published checkpoint of the encoder to start from; nil for a new one.
  /// - Throws: where the checkpoint is not one of this encoder.
  public static func initialParameters(
    _ configuration: Configuration, seed: UInt64, encoder: (any ParameterSource)? = nil
  ) throws -> ParameterSet {
    var tensors = initialParameters(configuration, seed: seed, purpose: .adapter)
    if let published = encoder?.publishedEncoder {
      let needed = parameterTable(configuration).filter { $0.name.hasPrefix("encoder.") }.map {
        ParameterSpecification(name: String($0.name.dropFirst("encoder.".count)), shape: $0.shape)
      }
      try ParameterError.check(published, against: needed, ignoring: configuration.encoder.ignores)
      for entry in needed { tensors["encoder." + entry.name] = try published.tensor(named: entry.name) }
    }
    return ParameterSet(tensors, sourceName: "a new adapter")
  }
}
