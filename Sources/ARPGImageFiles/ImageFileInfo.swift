/// What the headers of an image file say.
public struct ImageFileInfo: Sendable, Equatable {
  /// A file format.
  public enum Format: String, Sendable {
    case jpeg = "JPEG"
    case png = "PNG"
    /// Read only.
    case webp = "WebP"
    /// Read only.
    case tiff = "TIFF"
  }

  /// What a pixel is made of in the file.
  public enum Kind: String, Sendable {
    case grey
    case greyAlpha = "grey with alpha"
    case palette
    case rgb = "RGB"
    case rgba = "RGB with alpha"
    case yCbCr = "YCbCr"
    case cmyk = "CMYK"
    case ycck = "YCCK"
  }

  /// The file format.
  public let format: Format
  /// The number of columns as ``ImageFile/read(_:limit:note:)`` gives it: after the orientation is applied.
  public let width: Int
  /// The number of rows, after the orientation is applied.
  public let height: Int
  /// What a pixel is made of in the file.
  public let kind: Kind
  /// The bits of one sample in the file: 1, 2, 4, 8 or 16; 32 for floats.
  public let bitDepth: Int
  /// Whether the rows come in several passes: an interlaced PNG, a progressive JPEG.
  public let isProgressive: Bool
  /// The orientation in the file, 1 (upright) to 8.
  public let orientation: Int
}
