import ARPGTensor

/// A tokenizer of images, and with its static members the architecture that it belongs to: it turns images into codes, and
/// codes into images. Every image is worked on by itself.
public protocol ImageTokenizer: Module where Configuration: ImageTokenizerConfiguration {
  /// The name in `"architecture"` of a model's description: lower-case letters, digits, hyphens.
  static var architecture: String { get }
  /// What the architecture is, in a few words, for lists and errors.
  static var summary: String { get }

  /// Whether a checkpoint's tensors are those of this architecture, by their names alone.
  static func recognizes(_ source: any ParameterSource) -> Bool
  /// The sizes of a checkpoint, as far as the shapes of its tensors tell.
  ///
  /// - Parameters:
  ///   - source: the checkpoint.
  ///   - groups: the groups of a group normalisation, where the user tells.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what is missing and what to give.
  static func configuration(of source: any ParameterSource, groups: Int?) throws(ConfigurationError) -> Configuration

  /// The sizes.
  var configuration: Configuration { get }

  /// Images to codes.
  ///
  /// - Parameter images: `[batch, 3, height, width]` in -1 ... 1, both sides multiples of the downsampling factor.
  /// - Returns: latents `[batch, width of a latent, height / factor, width / factor]`, and for each image its codes in
  ///   raster order.
  /// - Throws: ``TokenizerError`` where the shape does not fit.
  func encode(_ images: Tensor) throws(TokenizerError) -> (latents: Tensor, codes: [[Int]])

  /// Codes to images `[batch, 3, rows * factor, columns * factor]`, meant to lie in -1 ... 1 and not clamped.
  ///
  /// - Parameters:
  ///   - codes: for each image its codes in raster order.
  ///   - rows: the rows of the grid of codes.
  ///   - columns: the columns of the grid of codes.
  /// - Throws: ``TokenizerError`` where a code is not in the codebook or their number is not that of the grid.
  func decode(_ codes: [[Int]], rows: Int, columns: Int) throws(TokenizerError) -> Tensor
}

/// The sizes of a tokenizer, as they stand in a model's description.
public protocol ImageTokenizerConfiguration: Sendable, Hashable, Codable {
  /// The number of codes.
  var codebook: Int { get }
  /// How many pixels wide and high a code is.
  var downsamplingFactor: Int { get }
  /// The sizes in a few words, for people.
  var summary: String { get }
  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  func validate() throws(ConfigurationError)
}

extension ImageTokenizer {
  /// The image of one image's codes.
  ///
  /// - Throws: ``TokenizerError`` where a code is not in the codebook or their number is not that of the grid.
  public func image(of codes: [Int], rows: Int, columns: Int) throws(TokenizerError) -> Image {
    let decoded = try decode([codes], rows: rows, columns: columns)
    return Image(tensor: decoded.slice(0..<1).reshaped(Array(decoded.shape.dropFirst())))
  }
}
