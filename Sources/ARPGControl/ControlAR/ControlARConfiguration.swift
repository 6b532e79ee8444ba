import ARPG

/// The settings of a ControlAR-style adapter, as they stand in a model's description (arXiv 2410.02705, section 3).
public struct ControlARConfiguration: Sendable, Hashable {
  /// The encoder with its sizes.
  public var encoder: VisionEncoderConfiguration
  /// The layers where condition tokens are added, rising; nil for those at 0, 1/3 and 2/3 of the depth.
  public var inject: [Int]?
  /// The width of the condition tokens; nil for that of the decoder.
  public var dim: Int?

  /// Settings; see the properties.
  public init(encoder: VisionEncoderConfiguration, inject: [Int]? = nil, dim: Int? = nil) {
    self.encoder = encoder
    self.inject = inject
    self.dim = dim
  }

  /// The layers, out of so many, where condition tokens are added by default: 0, a third and two thirds.
  public static func defaultInjection(layers: Int) -> [Int] {
    Set([0, layers / 3, 2 * (layers / 3)]).sorted()
  }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  public func validate() throws(ConfigurationError) {
    try encoder.validate()
    if let inject {
      let rises = zip(inject, inject.dropFirst()).allSatisfy { $0 < $1 }
      try ConfigurationError.require(
        !inject.isEmpty && inject[0] >= 0 && rises, "inject", inject, "layers from 0 on, rising, at least one")
    }
    if let dim { try ConfigurationError.require(1...1 << 16 ~= dim, "dim", dim, "1 to \(1 << 16)") }
  }

  /// The sizes of a network with these settings for a decoder; what they leave open is the decoder's.
  public func network(for decoder: DecoderLayout) -> ControlARNetwork.Configuration {
    ControlARNetwork.Configuration(
      encoder: encoder, dim: dim ?? decoder.dim,
      inject: inject ?? Self.defaultInjection(layers: decoder.injectableLayers))
  }
}

extension ControlARConfiguration {
  private struct Injection: Decodable {
    let inject: [Int]?
    let dim: Int?
  }

  private enum CodingKeys: String, CodingKey { case inject, dim }

  /// Reads settings and checks them; `inject` and `dim` may be absent.
  ///
  /// - Parameters:
  ///   - settings: as they stand in a model's description.
  ///   - encoders: the vision encoders that there are.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  public init(_ settings: JSONValue, encoders: VisionEncoderRegistry = .standard) throws {
    let injection = try settings.decode(as: Injection.self)
    self.init(encoder: try encoders.configuration(settings), inject: injection.inject, dim: injection.dim)
    try validate()
  }
}

extension ControlARConfiguration: Encodable {
  /// Writes the settings, all in one object.
  public func encode(to encoder: any Encoder) throws {
    try self.encoder.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(inject, forKey: .inject)
    try container.encodeIfPresent(dim, forKey: .dim)
  }
}
