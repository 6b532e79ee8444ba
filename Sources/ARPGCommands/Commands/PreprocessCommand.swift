import ARPG
import ARPGImageFiles
import ArgumentParser

/// `arpg preprocess NAME IMAGE -o OUT`.
struct PreprocessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocess",
    abstract: "Show what an adapter makes of an image, or of another input.",
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

  @Argument(
    help: """
      The image: JPEG, PNG, WebP or TIFF, or a depth map in a .npy file; `-` is standard input. What else the adapter takes, \
      such as a text.
      """)
  var input: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write the result, .png, .jpg or .webp; `-` is standard output.", valueName: "file"))
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
  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let size, !(1...16384 ~= size) { throw ValidationError("--size is \(size); it takes 1 to 16384") }
  }

  func run() throws {
    try OutputImages.requireWritable(output, json: report.json)
    try files.check([output], inputs: [input])
    let report = Report(report)
    let canvas = size.map { ImageSize(width: $0, height: $0) }
    let (shown, notes) =
      name == Self.region
      ? (
        FittedImage(
          try InputFile(input, limit: reading.limit).image(note: report.note), to: canvas, fit: fit
        ).mask.image, []
      ) : try control(on: canvas, report)
    for note in notes { report.note("\(name): \(note)") }
    try OutputImages.write(shown, to: output)
    try report.results(
      output == OutputImages.standardOutput ? [] : [output],
      json: .object([
        "path": .string(output), "width": .number(Double(shown.width)), "height": .number(Double(shown.height)),
        "note": notes.isEmpty ? .null : .string(notes.joined(separator: "; ")),
      ]))
  }

  /// The name that stands for a region instead of an adapter.
  private static let region = "region"

  /// What an adapter makes of the input, and what there is to say of it.
  private func control(on canvas: ImageSize?, _ report: Report) throws -> (Image, notes: [String]) {
    let adapter = try CommandContext.adapters.adapter(named: name), descriptor = adapter.descriptor
    let given = GivenOptions(
      Dictionary(options.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }), for: descriptor)
    try given.check(for: descriptor)
    let folder = try model.map { try ModelFolder.read($0, CommandContext.registries) }
    func onCanvas(_ kind: AdapterDescriptor.Input, _ text: String) throws -> AdapterInput {
      AdapterInput(
        try InputFile.input(kind, text, limit: reading.limit, note: report.note).0, size: canvas, fit: fit)
    }
    let input = try onCanvas(descriptor.input, input)
    let values = try OptionValues(
      given.values, inputs: given.files.mapValues { try onCanvas($0.kind, $0.path) }, for: descriptor)
    let controls = try adapter.makePreprocessor(folder?.weights(ofPreprocessorOf: name)).preprocess(
      input, options: values,
      in: PreprocessingContext(imageSize: canvas, classNames: folder?.description.classNames ?? []))
    let notes = [input.fitNote].compactMap { $0 } + controls.compactMap(\.note)
    guard let shown = controls.first?.image else {
      throw CommandError("the adapter \(name) makes nothing of \(descriptor.input.phrase) that can be shown")
    }
    return (shown, notes)
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
