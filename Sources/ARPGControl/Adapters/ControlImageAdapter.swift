import ARPG
import ARPGTensor

/// A control that is given as an image and encoded by a ``ControlARNetwork``.
///
/// Such an adapter only says what it is called and how an image becomes a control image:
///
///     struct SaliencyControl: ControlImageAdapter {
///       let descriptor = AdapterDescriptor(name: "saliency", ...)
///       func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
///         PreparedControl(controlImage: image.image)
///       }
///     }
///
/// One that needs weights to make a control image, such as those of an edge network, has a `makePreprocessor(_:)` of its own.
public protocol ControlImageAdapter: TrainableAdapter, ControlPreprocessor {
  /// How control images are brought to the size that the encoder sees, where that is another than the model's: nearest
  /// keeps edges sharp, bicubic keeps surfaces smooth. By default nearest.
  var interpolation: Interpolation { get }
  /// The vision encoders that its network can be made of; by default the standard ones.
  var encoders: VisionEncoderRegistry { get }

  /// Turns an image into a control image.
  ///
  /// - Parameters:
  ///   - image: on the canvas of the request, whose size the control image has.
  ///   - options: for this adapter.
  /// - Returns: three channels in -1 ... 1, `[3, height, width]`, black being -1: made from a plane or an image by
  ///   `PreparedControl(controlImage:note:)`.
  /// - Throws: where the image cannot be used; the error says why and what would be right.
  func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl
}

extension ControlImageAdapter {
  /// By default nearest, which keeps lines sharp.
  public var interpolation: Interpolation { .nearest }
  /// By default the standard ones.
  public var encoders: VisionEncoderRegistry { .standard }

  /// One control image for one image.
  ///
  /// - Throws: ``ControlARError/notAnImage(adapter:)``, and what ``controlImage(from:options:)`` throws.
  public func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .image(let image) = input else { throw ControlARError.notAnImage(adapter: descriptor.name) }
    return [try controlImage(from: image, options: options)]
  }

  /// All settings: those that are given, or what the shapes tell beside given `heads`, `inject` and `dim`.
  ///
  /// - Throws: ``ControlARError/settings(adapter:reason:)``.
  public func settings(of weights: AdapterWeights) throws -> JSONValue {
    do {
      let configuration = try ControlARConfiguration(weights, encoders: encoders)
      return try JSONValue(encoding: configuration)
    } catch let error as ConfigurationError {
      throw ControlARError.settings(adapter: descriptor.name, reason: "\(error)")
    }
  }

  /// Checks the model's settings and weights for this adapter; without settings they are read off the shapes of the weights.
  ///
  /// - Throws: ``ControlARError`` where the model has none or they do not fit, and ``/ARPGCheckpoints/ParameterError``
  ///   where a tensor is missing, unknown or of another shape.
  public func fit(to model: AdapterModel) throws -> any FittedAdapter {
    try FittedControlImageAdapter(
      adapter: descriptor.name, model: model, encoders: encoders, interpolation: interpolation)
  }
}
