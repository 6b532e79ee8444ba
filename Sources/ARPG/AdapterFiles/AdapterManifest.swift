import Foundation

/// What an adapter file says of itself, as JSON in the metadata of its safetensors file.
public struct AdapterManifest: Sendable, Equatable, Codable {
  /// The key in the metadata.
  public static let key = "arpg_adapter"
  /// The version of the format that is written; later ones are not read.
  public static let currentFormat = 1
  /// The version of ``ControlAdapter`` that weights are for; later ones are not read.
  public static let currentInterface = 1

  /// What an adapter has to know of the decoder that it was trained for.
  public struct Decoder: Sendable, Equatable, Codable {
    /// The family.
    public var architecture: String
    /// The rows and columns of the grid, the number of codes, the width, the layers that take condition tokens, the classes.
    public var rows, columns, vocab, dim, layers, classes: Int
    /// A hash over sizes and weights; nil where it is not known.
    public var fingerprint: String?

    /// A decoder of a part of a model.
    public init(_ part: DecoderPart, fingerprint: String?) {
      let layout = part.layout
      architecture = part.family.architecture
      (rows, columns, vocab, dim) = (layout.rows, layout.columns, layout.vocab, layout.dim)
      (layers, classes) = (layout.injectableLayers, layout.classes)
      self.fingerprint = fingerprint
    }
  }

  /// The version of the format.
  public var format = AdapterManifest.currentFormat
  /// The version of ``ControlAdapter``.
  public var interface = AdapterManifest.currentInterface
  /// The name that the adapter is registered with.
  public var adapter: String
  /// Which of its kind this one is, as its author calls it: `2`, `2026-01`.
  public var version: String?
  /// What the adapter says of its sizes; only it knows what that means.
  public var configuration: JSONValue
  /// A hash over the weights.
  public var weights: String
  /// The decoder that it was trained for; nil where that is not known.
  public var decoder: Decoder?
  /// A hash over the tokenizer whose codes it was trained on; nil where that is not known.
  public var tokenizer: String?
  /// The side in pixels of the images that it was trained on.
  public var imageSize: Int?
  /// What the adapter is, in a sentence.
  public var summary: String?
  /// What it was trained on.
  public var trainingData: String?
  /// The licence of the weights.
  public var license: String?
  /// A small JPEG that shows what it does: controls, and images that follow them. Base 64 in JSON.
  public var sample: Data?

  /// A description of weights; see the properties.
  public init(adapter: String, configuration: JSONValue, weights: String) {
    self.adapter = adapter
    self.configuration = configuration
    self.weights = weights
  }

  private enum CodingKeys: String, CodingKey {
    case format, interface, adapter, version, configuration, weights, decoder, tokenizer, summary, license, sample
    case imageSize = "image_size"
    case trainingData = "training_data"
  }

  /// The hash over an adapter's weights: names, shapes and values, the same whatever precision they are stored in.
  ///
  /// - Throws: where a tensor cannot be read.
  public static func fingerprint(of weights: any ParameterSource) throws -> String {
    var fingerprint = Fingerprint()
    for name in weights.names.sorted() { fingerprint.add(name, try weights.tensor(named: name)) }
    return fingerprint.text
  }
}
