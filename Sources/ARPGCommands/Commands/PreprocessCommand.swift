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
        arpg preprocess depth map.png -o depth.png --size 256
      """)

  @Argument(help: "The adapter's name; `arpg adapters` lists them.")
  var name: String

  @Argument(help: "The image, JPEG or PNG.")
  var image: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the result, .png or .jpg.", valueName: "file"))
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

  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let size, !(1...16384 ~= size) { throw ValidationError("--size is \(size); it takes 1 to 16384") }
  }

  func run() throws {
    let adapter = try CommandContext.adapters.adapter(named: name)
    guard adapter.descriptor.input == .image else {
      throw CommandError(
        "the adapter \(name) takes \(adapter.descriptor.input.phrase), not an image; there is nothing to show")
    }
    let values = try OptionValues(
      Dictionary(options.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }), for: adapter.descriptor)
    let context = PreprocessingContext(imageSize: size.map { ImageSize(width: $0, height: $0) })
    let weights = try model.map {
      try ModelFolder.read($0, CommandContext.registries).weights(ofPreprocessorOf: name)
    }
    let controls = try adapter.makePreprocessor(weights ?? nil).preprocess(
      .image(ImageFile.read(image)), options: values, in: context)
    guard let control = controls.first, let image = control.image else {
      throw CommandError("the adapter \(name) makes nothing that can be shown")
    }
    let report = Report(report)
    if let note = control.note { report.note("\(name): \(note)") }
    try ImageFile.write(image, to: output)
    try report.results(
      [output],
      json: .object([
        "path": .string(output), "width": .number(Double(image.width)), "height": .number(Double(image.height)),
        "note": control.note.map(JSONValue.string) ?? .null,
      ]))
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
