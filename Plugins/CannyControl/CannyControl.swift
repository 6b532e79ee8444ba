import ARPG
import ARPGControl
import ARPGTensor

/// Conditions an image on edges: of a photograph, found by Canny's detector, or drawn.
///
/// Source: ControlAR, arXiv 2410.02705; Canny, IEEE PAMI 8 (6), 1986.
public struct CannyControl: ControlImageAdapter {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(CannyControl())
  }

  /// Its name is `canny`; it takes an image.
  public let descriptor = AdapterDescriptor(
    name: "canny",
    summary: "edges to follow",
    input: .image,
    inputSummary: "a photograph, an edge map or a sketch",
    shorthand: "edges",
    options: [
      .choice(
        "input", "what the image is: a photograph, whose edges are found, or edges already",
        ["auto", "photo", "edges"]),
      .number("low", "gradient from which an edge goes on", range: 0...2040, default: 100),
      .number("high", "gradient from which an edge begins", range: 0...2040, default: 200),
    ])

  /// Depth and parts: what outlines are found in.
  public let trainingMaps = [TrainingMap("depth"), TrainingMap("parts", isLabelled: true)]

  /// The edges of an image, with the default thresholds; where its depth is known, outlines as well.
  public func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
    var control = try controlImage(
      from: FittedImage(image.image, to: context.imageSize), options: OptionValues(["input": "photo"], for: descriptor))
    if let depth = image.maps["depth"] {
      control.trainingImages[Self.outlines] =
        OutlineDetector().outlines(depth: depth, parts: image.maps["parts"]).image
    }
    return control
  }

  /// Lines as people draw them: outlines where they are known, bent, thickened, broken, with stray strokes.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl {
    let edges = control.controlPlane
    let outlines = control.trainingImages[Self.outlines].flatMap { image in
      image.width == edges.width && image.height == edges.height ? Outlines(image: image) : nil
    }
    return PreparedControl(
      controlImage: EdgeAugmentation().applied(to: edges, outlines: outlines, using: &random))
  }

  private static let outlines = "outlines"

  /// The edges as a grey image, bright on black.
  public func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
    let choice = options.choice("input")
    let detector = CannyEdgeDetector(low: options.number("low"), high: options.number("high"))
    return LineReading(image, as: LineInput(choice: choice), findLines: detector.edges(of:))
      .control(choice: choice, lines: "edges", phrase: "edges or a sketch")
  }
}
