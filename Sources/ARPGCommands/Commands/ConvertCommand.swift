import ARPG
import ARPGTensor
import ArgumentParser
import Foundation

/// `arpg convert --decoder FILE --tokenizer FILE -o DIR`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Make a model's folder from published checkpoints, or a smaller one from another.",
    discussion: """
      Checkpoints are safetensors or PyTorch files, the index of one that is
      divided over files, or a folder with any of them; nothing in them is
      executed. Sizes are read off the tensors; the options are for what shapes
      do not tell. A folder that is there keeps the parts that are not converted
      anew; --name, --heads, --grid and the like change what it says of them.

      EXAMPLES
        arpg convert --decoder arpg_300m.pt --tokenizer vq_ds16_c2i.pt -o arpg-l
        arpg convert --decoder c2i_L_256.pt --tokenizer vq_ds16_c2i.pt -o models/llamagen-l
        arpg convert --adapter canny=canny.safetensors,heads=6 -o arpg-l
        arpg convert --decoder mine.pt --heads 12 --grid 24 -o mine
        arpg convert --name "My model" -o mine
        arpg convert --half runs/mine/model -o mine
        arpg convert --pack arpg-l --precision int8 -o arpg-l-int8
      """)

  @Option(help: ArgumentHelp("The decoder's checkpoint.", valueName: "file"))
  var decoder: String?

  @Option(help: ArgumentHelp("The tokenizer's checkpoint.", valueName: "file"))
  var tokenizer: String?

  @Option(
    name: .customLong("adapter"),
    help: ArgumentHelp(
      "An adapter's checkpoint and its settings; repeatable.", valueName: "name=file[,key=value...]"),
    transform: AdapterArgument.init)
  var adapters: [AdapterArgument] = []

  @Option(
    name: .customLong("preprocessor"),
    help: ArgumentHelp(
      "The checkpoint that an adapter's preprocessing needs, where it has one; repeatable.",
      valueName: "name=file[,key=value...]"),
    transform: AdapterArgument.init)
  var preprocessors: [AdapterArgument] = []

  @Option(help: ArgumentHelp("A model's folder to store in half precision.", valueName: "dir"))
  var half: String?

  @Option(
    help: ArgumentHelp("A model's folder whose decoder is to be stored with smaller weights.", valueName: "dir"))
  var pack: String?

  @Option(
    help: ArgumentHelp(
      "How --pack stores them: bf16, f16, int8 or int4. Without --pack, how the decoder is used unless told otherwise.",
      valueName: "name"))
  var precision: WeightPrecision?

  @Option(name: .shortAndLong, help: ArgumentHelp("The model's folder.", valueName: "dir"))
  var output: String

  @Option(
    help: ArgumentHelp("Attention heads of the decoder. (default: one for every 64 of its width)", valueName: "n"))
  var heads: Int?

  @Option(help: ArgumentHelp("Classes of the decoder. (default: what its embeddings leave)", valueName: "n"))
  var classes: Int?

  @Option(help: ArgumentHelp("Side of the grid of codes. (default: 16)", valueName: "n"))
  var grid: Int?

  @Option(help: ArgumentHelp("Groups of the tokenizer's normalisation. (default: 32)", valueName: "n"))
  var groups: Int?

  @Option(help: ArgumentHelp("Names of the classes, a line each. (default: ImageNet's for 1000)", valueName: "file"))
  var classNames: String?

  @Option(help: ArgumentHelp("The model's name. (default: the folder's)", valueName: "text"))
  var name: String?

  @Flag(help: "Take averaged weights where a checkpoint has them.")
  var ema = false

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    let hasParts = decoder != nil || tokenizer != nil || !adapters.isEmpty || !preprocessors.isEmpty
    let settings = [
      ("heads", heads != nil), ("classes", classes != nil), ("grid", grid != nil), ("groups", groups != nil),
      ("class-names", classNames != nil),
    ].filter(\.1).map { "--\($0.0)" }
    let exists = FileManager.default.fileExists(atPath: "\(output)/\(ModelFolder.descriptionName)")
    guard pack == nil || precision ?? .float32 != .float32 else {
      throw ValidationError("--pack DIR needs --precision bf16, f16, int8 or int4")
    }
    guard half == nil || pack == nil else { throw ValidationError("give --half or --pack, one after the other") }
    guard hasParts || half != nil || pack != nil || exists && (name != nil || precision != nil || !settings.isEmpty)
    else {
      throw ValidationError("there is nothing to convert; give --decoder, --tokenizer, --adapter, --half or --pack")
    }
    let whole = half == nil ? "--pack" : "--half"
    guard !hasParts || half == nil && pack == nil else {
      throw ValidationError("\(whole) takes a whole model; convert --decoder, --tokenizer and --adapter first")
    }
    if half != nil || pack != nil, let setting = settings.first {
      throw ValidationError("\(setting) changes nothing beside \(whole); convert the model with it first")
    }
    for (option, value, most) in [
      ("heads", heads, 1024), ("grid", grid, 256), ("classes", classes, 1 << 20), ("groups", groups, 1024),
    ] {
      if let value, !(1...most ~= value) { throw ValidationError("--\(option) is \(value); it takes 1 to \(most)") }
    }
  }

  func run() throws {
    let report = Report(report)
    func observe(_ file: String) throws {
      try Interruption.check()
      report.note("writing \(file)")
    }
    let folder =
      try half.map {
        try ModelFolder.read($0, CommandContext.registries)
          .writeHalfPrecision(to: output, name: name, precision: precision, observe: observe)
      } ?? packed(observe) ?? convert(report, observe)
    try report.results(
      [output], json: .object(["path": .string(output), "model": try JSONValue(encoding: folder.description)]))
  }

  /// Makes a folder with a packed decoder; nil where that is not asked for.
  private func packed(_ observe: (String) throws -> Void) throws -> ModelFolder? {
    guard let pack, let precision else { return nil }
    return try ModelFolder.read(pack, CommandContext.registries)
      .writePacked(to: output, as: precision, name: name, observe: observe)
  }

  /// Makes the folder of published checkpoints.
  private func convert(_ report: Report, _ observe: (String) throws -> Void) throws -> ModelFolder {
    var conversion = ModelConversion()
    conversion.decoder = decoder
    conversion.tokenizer = tokenizer
    conversion.hints = DecoderHints(heads: heads, classes: classes, grid: grid)
    conversion.groups = groups
    conversion.name = name
    conversion.precision = precision
    conversion.prefersEMA = ema
    conversion.classNames = try classNames.map(Self.readNames)
    for adapter in adapters {
      _ = try CommandContext.adapters.adapter(named: adapter.name)
      conversion.adapters[adapter.name] = (adapter.file, adapter.configuration)
    }
    for preprocessor in preprocessors {
      _ = try CommandContext.adapters.adapter(named: preprocessor.name)
      conversion.preprocessors[preprocessor.name] = (preprocessor.file, preprocessor.configuration)
    }
    return try conversion.write(to: output, CommandContext.registries, note: report.note, progress: observe)
  }

  private static func readNames(_ path: String) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 24,
      let text = String(data: data, encoding: .utf8)
    else { throw CommandError("--class-names \(path): expected a UTF-8 text file with a name on each line") }
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }
}

/// `NAME=FILE[,KEY=VALUE...]`.
struct AdapterArgument {
  let name: String
  let file: String
  let configuration: JSONValue

  init(_ argument: String) throws {
    let parts = argument.split(separator: ",").map(String.init)
    guard let first = parts.first else { throw ValidationError("'\(argument)': expected NAME=FILE") }
    let head = try KeyValue(first)
    name = head.key
    file = head.value
    var settings: [String: JSONValue] = [:]
    for part in parts.dropFirst() {
      let pair = try KeyValue(part)
      settings[pair.key] = Self.value(pair.value)
    }
    configuration = .object(settings)
  }

  /// A number, a list of numbers joined by plus signs, or a text.
  private static func value(_ text: String) -> JSONValue {
    if let number = Double(text) { return .number(number) }
    let numbers = text.split(separator: "+").map { Double($0) }
    let list = numbers.compactMap { $0.map(JSONValue.number) }
    return list.count == numbers.count && list.count > 1 ? .array(list) : .string(text)
  }
}
