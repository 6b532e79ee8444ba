import ARPG
import ARPGControl
import ARPGTensor

/// Conditions an image on depth.
///
/// Source: ControlAR, arXiv 2410.02705.
public struct DepthControl: ControlImageAdapter {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(DepthControl())
  }

  /// Its name is `depth`; it takes an image.
  public let descriptor = AdapterDescriptor(
    name: "depth",
    summary: "depth to follow",
    input: .image,
    inputSummary: "a depth map in grey, 8 or 16 bits, near bright",
    shorthand: "depth",
    options: [
      .choice(
        "input", "what the values are: near is bright (inverse), or distances with 0 unknown (metric)",
        ["inverse", "metric"])
    ])

  /// Bicubic: surfaces stay smooth.
  public let interpolation = Interpolation.bicubic

  /// Depth as estimators give it: of another range and curve, softer, with noise.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl {
    PreparedControl(controlImage: DepthAugmentation().applied(to: control.controlPlane, using: &random))
  }

  /// The depth between its own minimum and maximum, near bright.
  public func controlImage(from image: Image, options: OptionValues, size: ImageSize?) throws -> PreparedControl {
    let encoding = DepthMap.Encoding(rawValue: options.choice("input")) ?? .inverse
    return PreparedControl(controlImage: DepthMap.plane(of: image, encoding: encoding, size: size))
  }
}
