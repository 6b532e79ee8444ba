import ARPG
import LlamaGenDecoder

/// The sizes of a decoder of RandAR (arXiv 2412.01827, table 1).
public struct RandARConfiguration: ImageDecoderConfiguration {
  /// The sizes of its layers, tables and grid.
  public var sizes: CausalSizes

  /// A configuration; see the properties.
  public init(_ sizes: CausalSizes) {
    self.sizes = sizes
  }

  /// What the rest of the program needs to know: any order, several codes at once.
  public var layout: DecoderLayout { sizes.layout(order: .any) }

  /// The sizes in a few words.
  public var summary: String { sizes.summary }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError/invalid(field:found:expected:)``.
  public func validate() throws(ConfigurationError) { try sizes.validate() }

  /// Reads a configuration, that of ``/LlamaGenDecoder/CausalSizes``, and checks it.
  public init(from decoder: any Swift.Decoder) throws {
    self.init(try CausalSizes(from: decoder))
    try validate()
  }

  /// Writes all sizes.
  public func encode(to encoder: any Encoder) throws { try sizes.encode(to: encoder) }
}
