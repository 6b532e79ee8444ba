import ARPG

/// The sizes of a decoder of LlamaGen, conditioned on classes or on text (arXiv 2406.06525, table 1).
public struct LlamaGenConfiguration: ImageDecoderConfiguration {
  /// The sizes of its layers, tables and grid.
  public var sizes: CausalSizes
  /// The text features in front of the codes; nil for a class in front.
  public var text: DecoderLayout.Text?

  /// A configuration; see the properties.
  public init(_ sizes: CausalSizes, text: DecoderLayout.Text? = nil) {
    self.sizes = sizes
    self.text = text
  }

  /// What the rest of the program needs to know: codes come in raster order, one at a time.
  public var layout: DecoderLayout { sizes.layout(order: .raster, text: text) }

  /// The sizes in a few words.
  public var summary: String { "\(text == nil ? "classes" : "text") to image, \(sizes.summary)" }

  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError/invalid(field:found:expected:)``.
  public func validate() throws(ConfigurationError) {
    try sizes.validate(minClasses: text == nil ? 1 : 0)
    guard let text else { return }
    try ConfigurationError.require(sizes.classes == 0, "classes", sizes.classes, "0, since caption_dim is given")
    try ConfigurationError.require(1...1 << 16 ~= text.width, "caption_dim", text.width, "1 to \(1 << 16)")
    try ConfigurationError.require(1...1 << 12 ~= text.maxLength, "prefix", text.maxLength, "1 to \(1 << 12)")
  }
}

extension LlamaGenConfiguration {
  private enum CodingKeys: String, CodingKey {
    case captionDim = "caption_dim"
    case prefix
  }

  /// Reads a configuration and checks it: that of ``CausalSizes`` and, for text, `caption_dim` and `prefix`.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let width = try container.decodeIfPresent(Int.self, forKey: .captionDim) ?? 0
    let length = try container.decodeIfPresent(Int.self, forKey: .prefix) ?? 1
    self.init(
      try CausalSizes(from: decoder), text: width > 0 ? DecoderLayout.Text(width: width, maxLength: length) : nil)
    try validate()
  }

  /// Writes all sizes into one object.
  public func encode(to encoder: any Encoder) throws {
    try sizes.encode(to: encoder)
    guard let text else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(text.width, forKey: .captionDim)
    try container.encode(text.maxLength, forKey: .prefix)
  }
}

extension LlamaGenConfiguration {
  /// Reads the sizes off the shapes of a checkpoint's tensors.
  ///
  /// - Parameters:
  ///   - source: the checkpoint. The grid is in no tensor: it is told by the file's name, which ends in 256, 384 or 512 as
  ///     published, or by a hint.
  ///   - hints: what the tensors do not tell.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what to give.
  init(inferredFrom source: any ParameterSource, _ hints: DecoderHints) throws(ConfigurationError) {
    guard let grid = hints.grid ?? Self.grid(ofName: source.sourceName) else {
      throw .notInferable(
        source: source.sourceName,
        found: "the grid of codes is in no tensor, and the file's name does not tell the size of images",
        remedy: "give grid: 16 for images of 256 pixels, 24 for 384, 32 for 512")
    }
    let null = "cls_embedding.uncond_embedding"
    var text: DecoderLayout.Text?
    if source.shape(of: null) != nil {
      let caption = try source.matrix(null, of: "LlamaGen")
      text = DecoderLayout.Text(width: caption.columns, maxLength: caption.rows)
    }
    self.init(try CausalSizes(inferredFrom: source, of: "LlamaGen", hints, grid: grid), text: text)
    try validate()
  }

  /// The side of the grid that a published file's name tells: `c2i_L_384.pt` is of images of 384 pixels.
  private static func grid(ofName path: String) -> Int? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let words = name.split { !$0.isNumber && !$0.isLetter }
    return [256, 384, 512].first { words.contains(Substring("\($0)")) }.map { $0 / 16 }
  }
}
