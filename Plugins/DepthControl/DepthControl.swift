import ARPG
import ARPGControl
import ARPGTensor

/// Conditions an image on depth.
///
/// It has no scores of its own: how deep an image is cannot be told without a network that estimates it, such as the evaluator of
/// `arpg eval control`.
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
    inputSummary: "a depth map in grey of 8 or 16 bits or floats, or a .npy array; transparent or not finite is far",
    shorthand: "depth",
    options: [
      .choice(
        "input", "what the values are: near is bright (inverse), or distances with 0 unknown (metric)",
        ["inverse", "metric"]),
      .choice("near", "which end of the grey levels is near", ["bright", "dark"]),
    ])

  /// Bicubic: surfaces stay smooth.
  public let interpolation = Interpolation.bicubic

  /// Depth as estimators give it: of another range and curve, softer, with noise.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl {
    PreparedControl(controlImage: DepthAugmentation().applied(to: control.controlPlane, using: &random))
  }

  /// The depth between its own minimum and maximum, near bright.
  public func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    let map = DepthMap(
      image.source, encoding: DepthMap.Encoding(rawValue: options.choice("input")) ?? .inverse,
      isNearDark: options.choice("near") == "dark", visible: image.visible)
    var notes: [String] = []
    if map.isFlat { notes.append("it is the same everywhere, so that it tells no depth") }
    if map.isColoured { notes.append("it has colours, which are read as their brightness: give the depth in grey") }
    return PreparedControl(
      controlImage: map.plane(on: image), note: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }
}
