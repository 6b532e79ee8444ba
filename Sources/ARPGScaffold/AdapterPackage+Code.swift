extension AdapterPackage {
  /// The adapter.
  var adapter: String {
    """
    import ARPG
    import ARPGControl

    /// Conditions an image on the lines of another: a control image, which a network encodes for the decoder.
    ///
    /// Whatever ``controlImage(from:options:)`` makes of an image is what the network learns to follow; everything else of
    /// this type may stay as it is.
    public struct \(typeName)Control: ControlImageAdapter {
      /// An adapter without settings.
      public init() {}

      /// What the command line, its help and other front ends show.
      public let descriptor = AdapterDescriptor(
        name: "\(name)",
        summary: "lines to follow",
        input: .image,
        inputSummary: "a photograph or a drawing, whose lines are found",
        shorthand: "\(name)",
        options: [
          .number("threshold", "the change of brightness from which on there is a line", range: 0...1, default: 0.08),
          .toggle("soft", "lines are as bright as the change is large"),
        ])

      /// White lines on black where the brightness changes.
      public func controlImage(from image: FittedImage, options: OptionValues) throws -> PreparedControl {
        let threshold = Float(options.number("threshold")), isSoft = options.isOn("soft")
        let lines = gradient(of: image.image.greyPlane).map { change in
          isSoft ? min(1, 2 * change) : change > threshold ? 1 : 0
        }
        let isEmpty = lines.values.allSatisfy { $0 == 0 }
        return PreparedControl(
          controlImage: lines, note: isEmpty ? "there are no lines in it; try a lower threshold" : nil)
      }

      /// What an image to train on would be made from: the lines of that image.
      public func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
        try controlImage(
          from: FittedImage(image.image, to: context.imageSize), options: OptionValues(for: descriptor))
      }

      /// How much brightness changes at each pixel, from its neighbours to the right and below: 0 to 1.
      private func gradient(of plane: Plane) -> Plane {
        let width = plane.width, height = plane.height, values = plane.values
        let changes = values.indices.map { pixel -> Float in
          let right = pixel % width + 1 < width ? values[pixel + 1] - values[pixel] : 0
          let below = pixel / width + 1 < height ? values[pixel + width] - values[pixel] : 0
          return min(1, (right * right + below * below).squareRoot())
        }
        return Plane(width: width, height: height, values: changes)
      }
    }

    """
  }

  /// The command line.
  var program: String {
    """
    // The command line of ARPG with one adapter more: arpg-\(name) control --\(name) photo.jpg -o out.png
    import ARPG
    import ARPGCommands
    import ARPGDecoder
    import CannyControl
    import ClassControl
    import DepthControl
    import Foundation
    import \(typeName)Control

    var registries = Registries()
    try TwoPassDecoder.register(in: &registries)
    try ClassControl.register(in: &registries.adapters)
    try CannyControl.register(in: &registries.adapters)
    try DepthControl.register(in: &registries.adapters)
    try registries.adapters.register(\(typeName)Control())
    exit(ARPGCommandLine(registries, name: "arpg-\(name)").run())

    """
  }

  /// The rules of adapters, checked.
  var contractTests: String {
    """
    import ARPGAdapterTesting
    import \(typeName)Control
    import Testing

    @Test("The adapter keeps the rules of adapters", arguments: AdapterRule.allCases)
    func keeps(rule: AdapterRule) async throws { try await rule.check(\(typeName)Control()) }

    """
  }

  /// Tests of what the adapter alone does.
  var tests: String {
    """
    import ARPG
    import \(typeName)Control
    import Testing

    @Test("A step of brightness is a line, and an even image has none", arguments: [false, true])
    func lines(isSoft: Bool) throws {
      let adapter = \(typeName)Control()
      let options = try OptionValues(["soft": isSoft ? "on" : "off"], for: adapter.descriptor)
      let step = Image(width: 4, height: 1, grey: [0, 0, 255, 255]), even = Image(width: 4, height: 1, grey: [9, 9, 9, 9])
      #expect(try adapter.controlImage(from: FittedImage(step), options: options).controlPlane.values == [0, 1, 0, 0])
      #expect(try adapter.controlImage(from: FittedImage(even), options: options).controlPlane.values == [0, 0, 0, 0])
    }

    """
  }

  /// How it is trained.
  var recipe: String {
    """
    {
      "adapters": ["\(name)"],
      "learning_rate": 0.0005,
      "batch": 16,
      "steps": 4000,
      "warmup": 100,
      "ema": 0.998,
      "checkpoint_every": 100,
      "sample_every": 500
    }

    """
  }
}
