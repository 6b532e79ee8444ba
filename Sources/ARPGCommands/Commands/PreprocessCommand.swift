import ARPG
import ARPGImageFiles
import ArgumentParser

/// `arpg preprocess NAME IMAGE -o OUT`.
struct PreprocessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocess",
    abstract: "Show what an adapter makes of an image.",
    discussion: """
      The result has the image's own size unless --size is given.

      EXAMPLES
        arpg preprocess canny photo.jpg -o edges.png
        arpg preprocess canny photo.jpg -o e.png --option low=50 --option high=150
        arpg preprocess depth map.png -o depth.png --size 256 --fit pad
        arpg preprocess region mask.png -o region.png --size 256
        cat photo.jpg | arpg preprocess canny - -o - > edges.png
      """)

  @Argument(help: "The adapter's name (`arpg adapters` lists them), or `region`.")
  var name: String

  @Argument(help: "The image: JPEG, PNG, WebP or TIFF, or a depth map in a .npy file; `-` is standard input.")
  var image: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write the result, .png or .jpg; `-` is standard output.", valueName: "file"))
  var output: String

  @Option(
    name: .customLong("option"),
    help: ArgumentHelp(
      "An option of the adapter; repeatable. `arpg adapters NAME` lists them.", valueName: "key=value"),
    transform: KeyValue.init)
  var options: [KeyValue] = []

  @Option(
    help: ArgumentHelp("Side in pixels of a square result, as a model of that size would see it.", valueName: "pixels"))
  var size: Int?

  @Option(help: ArgumentHelp("A model with the weights that the adapter's preprocessing needs.", valueName: "dir"))
  var model: String?

  @Option(help: "How an image of another shape is brought to --size: crop, pad or stretch.")
  var fit = ImageFit.crop

  @OptionGroup var files: OutputOptions
  @OptionGroup var reading: InputOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let size, !(1...16384 ~= size) { throw ValidationError("--size is \(size); it takes 1 to 16384") }
  }

  func run() throws {
    try OutputImages.requireWritable(output, json: report.json)
    try files.check([output], inputs: [image])
    let report = Report(report)
    let canvas = size.map { ImageSize(width: $0, height: $0) }
    let (shown, notes) =
      name == Self.region
      ? (FittedImage(try read(report), to: canvas, fit: fit).mask.image, []) : try control(on: canvas, report)
    for note in notes { report.note("\(name): \(note)") }
    try OutputImages.write(shown, to: output)
    try report.results(
      output == OutputImages.standardOutput ? [] : [output],
      json: .object([
        "path": .string(output), "width": .number(Double(shown.width)), "height": .number(Double(shown.height)),
        "note": notes.isEmpty ? .null : .string(notes.joined(separator: "; ")),
      ]))
  }

  private func read(_ report: Report) throws -> Image {
    try InputFile(image, limit: reading.limit).image(note: report.note)
  }

  /// The name that stands for a region instead of an adapter.
  private static let region = "region"

  /// What an adapter makes of the image, and what there is to say of it.
  private func control(on canvas: ImageSize?, _ report: Report) throws -> (Image, notes: [String]) {
    let adapter = try CommandContext.adapters.adapter(named: name)
    guard adapter.descriptor.input == .image else {
      throw CommandError(
        "the adapter \(name) takes \(adapter.descriptor.input.phrase), not an image; there is nothing to show")
    }
    let values = try OptionValues(
      Dictionary(options.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }), for: adapter.descriptor)
    let weights = try model.map {
      try ModelFolder.read($0, CommandContext.registries).weights(ofPreprocessorOf: name)
    }
    let input = AdapterInput(.image(try read(report)), size: canvas, fit: fit)
    let controls = try adapter.makePreprocessor(weights ?? nil).preprocess(
      input, options: values, in: PreprocessingContext(imageSize: canvas))
    guard let control = controls.first, let shown = control.image else {
      throw CommandError("the adapter \(name) makes nothing that can be shown")
    }
    return (shown, [input.fitNote, control.note].compactMap { $0 })
  }
}

/// `KEY=VALUE` on the command line.
struct KeyValue {
  let key: String
  let value: String

  init(_ argument: String) throws {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      throw ValidationError("'\(argument)' is not KEY=VALUE")
    }
    key = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}
