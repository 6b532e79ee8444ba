import ARPG

/// The vision encoders that adapters of control images can be made of. A value: an adapter holds it.
public struct VisionEncoderRegistry: Sendable {
  private var registry = NamedRegistry<any VisionEncoder.Type>(of: "vision encoder")

  /// A registry without encoders.
  public init() {}

  /// ``ViTEncoder``, ``DINOv2Encoder`` and ``ConvolutionalEncoder``.
  public static let standard: VisionEncoderRegistry = {
    var registry = VisionEncoderRegistry()
    for encoder: any VisionEncoder.Type in [ViTEncoder.self, DINOv2Encoder.self, ConvolutionalEncoder.self] {
      try? registry.register(encoder)
    }
    return registry
  }()

  /// The kinds in the order of their registration.
  public var kinds: [String] { registry.names }

  /// Adds a kind of encoder.
  ///
  /// - Throws: ``/ARPG/RegistryError`` where its name is taken or ill-formed.
  public mutating func register(_ encoder: any VisionEncoder.Type) throws(RegistryError) {
    try registry.register(encoder, named: encoder.kind)
  }

  /// Reads the kind of an encoder and, beside it, its sizes.
  ///
  /// - Parameter settings: an object with the field `encoder`.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError`` where the kind is unknown, or a field is missing or out of range.
  public func configuration(_ settings: JSONValue) throws -> VisionEncoderConfiguration {
    func read<Encoder: VisionEncoder>(_ encoder: Encoder.Type) throws -> VisionEncoderConfiguration {
      VisionEncoderConfiguration(encoder, try settings.decode(as: Encoder.Configuration.self))
    }
    let kind = try settings.decode(as: Kind.self).encoder
    guard let encoder = registry.entries.first(where: { $0.name == kind })?.entry else {
      throw ConfigurationError.invalid(
        field: "encoder", found: "'\(kind)'", expected: kinds.joined(separator: ", "))
    }
    let configuration = try read(encoder)
    try configuration.validate()
    return configuration
  }

  /// Reads kind and sizes off the shapes of an encoder's tensors.
  ///
  /// - Parameters:
  ///   - source: the tensors.
  ///   - heads: the number of heads; by default heads of 64, as in the published sizes.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what to give.
  public func configuration(of source: any ParameterSource, heads: Int? = nil) throws(ConfigurationError)
    -> VisionEncoderConfiguration
  {
    func infer<Encoder: VisionEncoder>(_ encoder: Encoder.Type) throws(ConfigurationError)
      -> VisionEncoderConfiguration?
    {
      guard let sizes = try encoder.sizes(of: source, heads: heads) else { return nil }
      return VisionEncoderConfiguration(encoder, sizes)
    }
    for (_, encoder) in registry.entries {
      guard let configuration = try infer(encoder) else { continue }
      try configuration.validate()
      return configuration
    }
    throw .notInferable(
      source: source.sourceName, found: "its tensors are those of no vision encoder that is known",
      remedy: "expected one of \(kinds.joined(separator: ", "))")
  }

  private struct Kind: Decodable { let encoder: String }
}
