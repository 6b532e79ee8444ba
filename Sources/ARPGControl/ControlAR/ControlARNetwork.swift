import ARPG
import ARPGLayers
import ARPGTensor

/// A ControlAR-style adapter: a vision encoder and what turns its tokens into condition tokens (arXiv 2410.02705,
/// section 3).
public struct ControlARNetwork: Module {
  /// The sizes.
  public struct Configuration: Sendable, Hashable {
    /// The encoder with its sizes.
    public var encoder: VisionEncoderConfiguration
    /// The width of the condition tokens: that of the decoder.
    public var dim: Int
    /// The layers where condition tokens are added.
    public var inject: [Int]

    /// Sizes; see the properties.
    public init(encoder: VisionEncoderConfiguration, dim: Int, inject: [Int]) {
      self.encoder = encoder
      self.dim = dim
      self.inject = inject
    }
  }

  /// The sizes.
  public let configuration: Configuration
  private let encoder: any VisionEncoder
  private let projection: ConditionProjection

  /// Takes the encoder's tensors behind `encoder.`, and those of the ``ConditionProjection``.
  public init(_ configuration: Configuration, _ parameters: ParameterReader) {
    self.configuration = configuration
    encoder = configuration.encoder.makeEncoder(parameters.scoped("encoder."))
    projection = ConditionProjection(
      .init(width: configuration.encoder.width, dim: configuration.dim, inject: configuration.inject), parameters)
  }

  /// Checks every name and shape of a source; those of a published encoder that are not needed may stand there.
  ///
  /// - Throws: ``/ARPGCheckpoints/ParameterError``.
  static func check(_ source: any ParameterSource, _ configuration: Configuration) throws {
    try ParameterError.check(source, against: parameterTable(configuration)) { name in
      name.hasPrefix("encoder.") && configuration.encoder.ignores(String(name.dropFirst("encoder.".count)))
    }
  }

  /// Control images `[batch, 3, height, width]` in -1 ... 1, of the size that the encoder sees, to condition tokens
  /// `[batch, tokens, dim]` for each layer of injection. Differentiable.
  public func callAsFunction(_ images: Tensor) -> Condition { projection(encoder.encode(images)) }
}
