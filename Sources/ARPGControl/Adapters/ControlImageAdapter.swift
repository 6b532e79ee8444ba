import ARPG
import ARPGTensor

/// A control that is given as a picture and encoded by a ``ControlARNetwork``.
///
/// Such an adapter only says what it is called and how a picture becomes a control image:
///
///     struct SegmentationControl: ControlImageAdapter {
///       let descriptor = AdapterDescriptor(name: "segmentation", ...)
///       func controlImage(from picture: Image, options: OptionValues, size: ImageSize?) throws -> PreparedControl {
///         PreparedControl(controlImage: size.map { picture.resized(to: $0, filter: .nearest) } ?? picture)
///       }
///     }
public protocol ControlImageAdapter: ControlAdapter {
  /// How control images are brought to the size that the encoder sees, where that is another than the model's: nearest
  /// keeps edges sharp, bicubic keeps surfaces smooth.
  var interpolation: Interpolation { get }

  /// Turns a picture into a control image.
  ///
  /// - Parameters:
  ///   - picture: of any size.
  ///   - options: for this adapter.
  ///   - size: of the control image; nil keeps the picture's own, for a preview.
  /// - Returns: three channels in -1 ... 1, `[3, height, width]`, black being -1: made from a plane or a picture by
  ///   `PreparedControl(controlImage:note:)`.
  /// - Throws: where the picture cannot be used; the error says why and what would be right.
  func controlImage(from picture: Image, options: OptionValues, size: ImageSize?) throws -> PreparedControl
}

extension ControlImageAdapter {
  /// Nearest.
  public var interpolation: Interpolation { .nearest }

  /// One control image for one picture.
  ///
  /// - Throws: ``ControlARError/notAPicture(adapter:)``, and what ``controlImage(from:options:size:)`` throws.
  public func preprocess(
    _ input: ControlInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .image(let picture) = input else { throw ControlARError.notAPicture(adapter: descriptor.name) }
    return [try controlImage(from: picture, options: options, size: context.imageSize)]
  }

  /// Makes the encoder from the model's settings and weights for this adapter; without settings they are read off the
  /// shapes of the weights.
  ///
  /// - Throws: ``ControlARError`` before any weight is read where the model has none or they do not fit, and what reading
  ///   them throws.
  public func makeEncoder(for model: AdapterModel) throws -> any ControlEncoder {
    try ControlImageEncoder(adapter: descriptor.name, model: model, interpolation: interpolation)
  }
}

extension PreparedControl {
  /// A control image of one channel, 0 ... 1 moved to -1 ... 1, three times the same.
  public init(controlImage plane: Plane, note: String? = nil) {
    self.init(values: plane.controlTensor, picture: plane.image, note: note)
  }

  /// A control image of three channels, black being -1 and white 1.
  public init(controlImage picture: Image, note: String? = nil) {
    self.init(values: picture.tensor, picture: picture, note: note)
  }

  /// The first channel of a control image, -1 ... 1 moved to 0 ... 1.
  public var controlPlane: Plane {
    let height = values.shape[1], width = values.shape[2]
    return Plane(width: width, height: height, values: values.values.prefix(width * height).map { ($0 + 1) / 2 })
  }
}
