import ARPG
import ARPGControl
import ARPGTensor

/// Conditions an image on soft lines: of a photograph, found by the extended difference of Gaussians, or drawn.
///
/// Source: ControlAR, arXiv 2410.02705; Winnemöller, Kyprianidis and Olsen, Computers & Graphics 36 (6), 2012.
public struct LineartControl: ControlImageAdapter {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(LineartControl())
  }

  private static let standard = ExtendedDifferenceOfGaussians()

  /// Its name is `lineart`; it takes an image.
  public let descriptor = AdapterDescriptor(
    name: "lineart",
    summary: "soft lines to follow",
    input: .image,
    inputSummary: "a photograph, or a drawing in lines",
    shorthand: "lineart",
    options: [
      .choice(
        "input", "what the image is: a photograph, whose lines are found, or lines already",
        ["auto", "photo", "lines"]),
      .number("sigma", "about how wide lines are", range: 0.3...10, unit: "pixels", default: standard.sigma),
      .number("sharpness", "how strongly contrast makes lines", range: 0...200, default: standard.sharpness),
      .number(
        "threshold", "how dark a line is at least: 1 takes every line", range: 0...1, default: standard.threshold),
      .number("softness", "how slowly lines get stronger with contrast", range: 0.01...10, default: standard.softness),
    ])

  /// Bicubic: soft lines stay soft.
  public let interpolation = Interpolation.bicubic

  /// The lines of an image, with the defaults of the options.
  public func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
    try controlImage(
      from: FittedImage(image.image, to: context.imageSize), options: OptionValues(["input": "photo"], for: descriptor))
  }

  /// Lines that are weaker, stronger, softer.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl {
    PreparedControl(controlImage: LineartAugmentation().applied(to: control.controlPlane, using: &random))
  }

  /// The lines as a grey image, bright on black.
  public func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    let choice = options.choice("input")
    let detector = ExtendedDifferenceOfGaussians(
      sigma: options.number("sigma"), sharpness: options.number("sharpness"), threshold: options.number("threshold"),
      softness: options.number("softness"))
    return LineReading(image, as: LineInput(choice: choice), findLines: detector.lines(of:))
      .control(choice: choice, lines: "lines", phrase: "lines")
  }
}
