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

  /// Its name is `canny`; it takes a picture.
  public let descriptor = AdapterDescriptor(
    name: "canny",
    summary: "edges to follow",
    input: .image,
    inputSummary: "a photograph, an edge map or a sketch",
    shorthand: "edges",
    options: [
      .choice(
        "input", "what the picture is: a photograph, whose edges are found, or edges already",
        ["auto", "photo", "edges"]),
      .number("low", "gradient from which an edge goes on", range: 0...2040, default: 100),
      .number("high", "gradient from which an edge begins", range: 0...2040, default: 200),
    ])

  /// The edges of a photograph, with the default thresholds.
  public func control(of photograph: Image, in context: PreprocessingContext) throws -> PreparedControl? {
    try controlImage(
      from: photograph, options: OptionValues(["input": "photo"], for: descriptor), size: context.imageSize)
  }

  /// Lines as people draw them: thicker, wavering, with gaps and stray strokes.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl {
    PreparedControl(controlImage: EdgeAugmentation().applied(to: control.controlPlane, using: &random))
  }

  /// The edges as a grey picture, bright on black.
  public func controlImage(from picture: Image, options: OptionValues, size: ImageSize?) throws -> PreparedControl {
    let choice = options.choice("input")
    let detector = CannyEdgeDetector(low: options.number("low"), high: options.number("high"))
    let reading = EdgeReading(picture, as: EdgeInput(rawValue: choice), detector: detector, size: size)
    let chosen = choice == "auto" ? "; use input=\(reading.input == .photo ? "edges" : "photo") if it is not" : ""
    return PreparedControl(controlImage: reading.picture, note: "read as \(reading.input.phrase)\(chosen)")
  }
}

extension EdgeInput {
  /// What to call it in a sentence.
  fileprivate var phrase: String {
    switch self {
    case .photo: "a photograph"
    case .edges: "edges or a sketch"
    }
  }
}
