import ARPG
import ARPGImageFiles
import ARPGTensor
import ArgumentParser

/// `arpg encode IMAGE -o codes.npy`.
struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Turn images into the tokenizer's codes.",
    discussion: """
      Each image is cropped to its centre and scaled to the model's size. The
      codes are written as 64-bit integers, [images, tokens] in raster order.

      EXAMPLES
        arpg encode photo.jpg -o codes.npy
        arpg encode a.png b.png -o codes.npy --model models/arpg-l
      """)

  @Argument(help: "Images: JPEG, PNG, WebP or TIFF; `-` is standard input.")
  var images: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The .npy file to write.", valueName: "file"))
  var output: String

  @OptionGroup var files: OutputOptions
  @OptionGroup var reading: InputOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    model.threads.apply()
    try files.check([output], inputs: images)
    let folder = try ModelFolder.read(model.path(), CommandContext.registries)
    let tokenizer = try folder.loadTokenizer(precision: folder.suggestedPrecision()?.ofTokenizer)
    let report = Report(self.report)
    let progress = ProgressLine(unit: "images", total: images.count, quiet: self.report.quiet)
    defer { progress.finish() }
    var codes: [[Int]] = []
    for path in images {
      try Interruption.check()
      let image = try InputFile(path, limit: reading.limit).image(note: report.note).centreCropped(to: folder.imageSize)
      let size = [1, 3, folder.imageSize.height, folder.imageSize.width]
      codes += try tokenizer.encode(image.tensor.reshaped(size)).codes
      progress.update(done: codes.count)
    }
    let shape = [codes.count, codes.first?.count ?? 0]
    try NPYFile(shape: shape, values: codes.flatMap { $0 }).write(to: output)
    progress.finish()
    try report.results(
      [output],
      json: .object(["path": .string(output), "shape": .array(shape.map { .number(Double($0)) })]))
  }
}

/// `arpg decode codes.npy -o image.png`.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Turn the tokenizer's codes into images.",
    discussion: """
      The codes are integers, [images, tokens] or [tokens], in raster order, or
      [1, crops, tokens] as `data prepare` writes them.
      Of several images, the output is a contact sheet, and each is written
      beside it with its number.

      EXAMPLES
        arpg decode codes.npy -o image.png
        arpg decode codes.npy -o image.png --model models/arpg-l
        arpg decode wide.npy -o wide.png --rows 16 --columns 32
      """)

  @Argument(help: "A .npy file of codes.")
  var codes: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The image to write, .png, .jpg or .webp; `-` is standard output.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Rows of the grid of codes. (default: a square)", valueName: "n"))
  var rows: Int?

  @Option(help: ArgumentHelp("Columns of the grid of codes. (default: a square)", valueName: "n"))
  var columns: Int?

  @OptionGroup var files: OutputOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    model.threads.apply()
    try OutputImages.requireWritable(output, json: report.json)
    try files.check([output], inputs: [codes])
    let file = try NPYFile(contentsOf: codes)
    let folder = try ModelFolder.read(model.path(), CommandContext.registries)
    let (count, grid) = try layout(file.shape, of: folder)
    let tokenizer = try folder.loadTokenizer(precision: folder.suggestedPrecision()?.ofTokenizer)
    let tokens = grid.width * grid.height
    let images = try (0..<count).map { index in
      try Interruption.check()
      let row = Array(file.values[index * tokens..<(index + 1) * tokens])
      do {
        return try tokenizer.image(of: row, rows: grid.height, columns: grid.width)
      } catch {
        throw CommandError("\(codes): \(error)")
      }
    }
    let outputs = OutputImages(path: output), written = outputs.written(images.count)
    try files.check(written.all, inputs: [codes])
    for (index, image) in images.enumerated() { try outputs.write(image, index, of: images.count) }
    if images.count > 1 { try outputs.writeSheet(of: images.count) { images[$0] } }
    try Report(report).results(
      written.all,
      json: .object([
        "images": .array(written.images.map(JSONValue.string)),
        "sheet": written.sheet.map(JSONValue.string) ?? .null,
      ]))
  }

  /// The number of images, and the grid of each.
  private func layout(_ shape: [Int], of model: ModelFolder) throws -> (Int, ImageSize) {
    guard (1...3).contains(shape.count), shape.allSatisfy({ $0 > 0 }), let tokens = shape.last else {
      throw CommandError("\(codes): the codes have the shape \(shape), expected [images, tokens]")
    }
    if let factor = model.description.tokenizer?.configuration.downsamplingFactor, rows == nil, columns == nil {
      let expected = (model.imageSize.width / factor) * (model.imageSize.height / factor)
      if shape.count == 2, tokens != expected, shape[0] * tokens == expected {
        throw CommandError(
          "\(codes): the codes have the shape \(shape), the grid of one image; expected [images, tokens], here [1, \(expected)]"
        )
      }
    }
    let side = Int(Double(tokens).squareRoot().rounded())
    let height = rows ?? columns.map { tokens / max(1, $0) } ?? side
    let width = columns ?? tokens / max(1, height)
    guard height > 0, width > 0, tokens % width == 0, tokens / width == height else {
      throw CommandError(
        "\(codes): \(tokens) codes do not fill \(height) rows of \(width); give --rows and --columns")
    }
    return (shape.dropLast().reduce(1, *), ImageSize(width: width, height: height))
  }
}
