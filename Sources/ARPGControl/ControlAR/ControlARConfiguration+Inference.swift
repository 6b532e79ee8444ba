import ARPG

extension ControlARConfiguration {
  /// Reads the settings off the shapes of an adapter's tensors. What the shapes do not tell may be given.
  ///
  /// - Parameters:
  ///   - source: the adapter's tensors.
  ///   - heads: the number of the encoder's heads; by default heads of 64, as in the published sizes.
  ///   - inject: the layers where condition tokens are added; by default those at 0, 1/3 and 2/3 of the depth.
  ///   - encoders: the vision encoders that there are.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what to give.
  public init(
    inferredFrom source: any ParameterSource, heads: Int? = nil, inject: [Int]? = nil,
    encoders: VisionEncoderRegistry = .standard
  ) throws(ConfigurationError) {
    let source = source.adapterTensors
    let dim = try source.matrix("adapter_mlp.fc2.weight", of: "an adapter").rows
    self.init(
      encoder: try encoders.configuration(of: source.scoped("encoder."), heads: heads), inject: inject, dim: dim)
    try validate()
  }
}
