import ARPG
import ARPGLayers
import ARPGTensor

/// Turns images into tokens, one for each square of pixels; with its static members the kind of encoder that it is.
///
/// A kind is added to a ``VisionEncoderRegistry``, and is then one that adapters of control images can be made of.
public protocol VisionEncoder: Module where Configuration: VisionEncoderSizes {
  /// The word in the field `encoder` of an adapter's settings.
  static var kind: String { get }

  /// Reads the sizes off the shapes of an encoder's tensors.
  ///
  /// - Parameters:
  ///   - source: tensors by the names that the encoder gives them.
  ///   - heads: the number of attention heads, where the user tells.
  /// - Returns: nil where the names are not those of this kind.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what to give.
  static func sizes(of source: any ParameterSource, heads: Int?) throws(ConfigurationError) -> Configuration?

  /// Checks sizes beyond their own rules; by default there is nothing more to check.
  static func validate(_ sizes: Configuration) throws(ConfigurationError)

  /// The size in which the encoder sees an image; by default the image's own.
  ///
  /// - Parameters:
  ///   - sizes: of the encoder.
  ///   - image: the size of the model's images in pixels.
  ///   - rows: the rows of the decoder's grid of tokens.
  ///   - columns: the columns of the decoder's grid of tokens.
  static func inputSize(_ sizes: Configuration, image: ImageSize, rows: Int, columns: Int) -> ImageSize

  /// Images `[batch, 3, height, width]` in -1 ... 1, both sides multiples of the patch, to tokens in raster order,
  /// `[batch, height / patch * width / patch, width]`. Differentiable.
  func encode(_ images: Tensor) -> Tensor
}

extension VisionEncoder {
  /// Nothing beyond the sizes' own rules.
  public static func validate(_ sizes: Configuration) throws(ConfigurationError) {}

  /// The size of the image.
  public static func inputSize(_ sizes: Configuration, image: ImageSize, rows: Int, columns: Int) -> ImageSize {
    image
  }
}

/// The sizes of a vision encoder, as they stand beside the field `encoder` of an adapter's settings.
public protocol VisionEncoderSizes: Sendable, Hashable, Codable {
  /// The width of a token.
  var width: Int { get }
  /// The side in pixels of the square that a token stands for.
  var patch: Int { get }
  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  func validate() throws(ConfigurationError)
}
