import ARPG
import ARPGControl

/// Conditions an image on segments: a map with one colour for each thing, or kind of thing.
///
/// Source: ControlAR, arXiv 2410.02705.
public struct SegmentationControl: ControlImageAdapter {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(SegmentationControl())
  }

  /// Its name is `segmentation`; it takes an image.
  public let descriptor = AdapterDescriptor(
    name: "segmentation",
    summary: "segments to follow",
    input: .image,
    inputSummary: "a map with one colour a segment; transparent is none",
    shorthand: "segments",
    options: [
      .choice(
        "palette",
        "which colours there are, the nearest of them being taken: the map's own, ADE20K's 150, or PASCAL VOC's 256",
        ["free", "ade20k", "voc"])
    ])

  /// Nearest: colours are never mixed.
  public let interpolation = Interpolation.nearest

  /// Parts, whose numbers are labels; and maps of segments, whose colours are.
  public let trainingMaps = [TrainingMap("parts", isLabelled: true), TrainingMap("segmentation", isLabelled: true)]

  /// The parts of an image, where they are known, in the colours of PASCAL VOC: 0 is black.
  public func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
    guard let parts = image.maps["parts"] else { return nil }
    let palette = SegmentationPalette.voc
    let colours = parts.values.flatMap { part in
      palette.colours[Int((max(0, min(part, 1)) * 255).rounded())].channels
    }
    let map = Image(width: parts.width, height: parts.height, pixels: colours)
    return PreparedControl(controlImage: SegmentationMap(FittedImage(map, to: context.imageSize)).image)
  }

  /// The map in its own colours, or in those of a palette.
  public func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    let map = SegmentationMap(image)
    let palette: SegmentationPalette? =
      switch options.choice("palette") {
      case "ade20k": .ade20k
      case "voc": .voc
      default: nil
      }
    return PreparedControl(controlImage: palette.map(map.image(in:)) ?? map.image)
  }
}
