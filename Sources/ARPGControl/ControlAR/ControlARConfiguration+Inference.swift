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

  /// Reads stored settings. Where they do not say which encoder, the shapes of the weights do, and `heads`, `inject` and `dim` tell
  /// what those leave open.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  init(_ weights: AdapterWeights, encoders: VisionEncoderRegistry) throws {
    guard case .object(let given)? = weights.configuration, given["encoder"] == nil else {
      if let settings = weights.configuration, settings != .null {
        self = try Self(settings, encoders: encoders)
      } else {
        self = try Self(inferredFrom: weights.parameters, encoders: encoders)
      }
      return
    }
    if let stranger = given.keys.sorted().first(where: { !["heads", "inject", "dim"].contains($0) }) {
      throw ConfigurationError.invalid(
        field: stranger, found: "given without the encoder it belongs to",
        expected:
          "heads, inject or dim, or encoder=\(encoders.kinds.joined(separator: " or encoder=")) with all of its sizes")
    }
    let hints = try JSONValue.object(given).decode(as: Hints.self)
    if let heads = hints.heads {
      try ConfigurationError.require(1...1 << 10 ~= heads, "heads", heads, "1 to \(1 << 10)")
    }
    self = try Self(
      inferredFrom: weights.parameters, heads: hints.heads, inject: hints.inject?.layers, encoders: encoders)
    if let dim = hints.dim, dim != self.dim {
      throw ConfigurationError.invalid(
        field: "dim", found: "\(dim)", expected: "what the weights have, \(self.dim ?? 0)")
    }
  }

  /// What shapes do not tell.
  private struct Hints: Decodable {
    let heads: Int?
    let inject: Layers?
    let dim: Int?
  }

  /// One layer or several.
  private struct Layers: Decodable {
    let layers: [Int]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      layers = try (try? container.decode(Int.self)).map { [$0] } ?? container.decode([Int].self)
    }
  }
}
