import ARPG
import ARPGImageFiles
import ARPGTraining
import ArgumentParser

/// `arpg adapters check FILE`.
struct CheckAdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Tell what an adapter's file is, and whether it fits a model.",
    discussion: """
      EXAMPLES
        arpg adapters check soft.safetensors
        arpg adapters check soft.safetensors --model models/arpg-l
        arpg adapters check soft.safetensors --sample sample.png
      """)

  @Argument(help: "The file.")
  var file: String

  @Option(help: ArgumentHelp("The model's folder. (default: the bundled model)", valueName: "dir"))
  var model: String?

  @Option(help: ArgumentHelp("Write the sample that it brings, .png, .jpg or .webp.", valueName: "file"))
  var sample: String?

  @OptionGroup var files: OutputOptions
  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let sample { try OutputImages.requireWritable(sample, json: report.json) }
  }

  func run() throws {
    try files.check([sample].compactMap { $0 }, inputs: [file])
    let registries = CommandContext.registries
    var beside = AdaptersBeside(registry: registries.adapters)
    try beside.add(file, as: nil)
    guard let (name, adapter) = beside.files.first else { return }
    let model = try Model.load(ModelOptions(model: model).path(), registries)
    let fit = try adapter.fit(to: model, registries.adapters.adapter(named: name))
    let manifest = adapter.manifest
    if let sample {
      guard let bytes = manifest.sample else { throw CommandError("\(file): it brings no sample; leave out --sample") }
      try OutputImages.write(ImageFile.read([UInt8](bytes), named: "the sample of \(file)"), to: sample)
    }
    let rows: [(String, String?)] = [
      ("adapter", manifest.adapter), ("version", manifest.version), ("what it is", manifest.summary),
      ("trained on", manifest.trainingData), ("licence", manifest.license), ("weights", manifest.weights),
      ("sample", manifest.sample == nil ? nil : sample ?? "it brings one; --sample FILE writes it"),
      ("fits", "\(model.description.name): \(fit.summary)"),
    ]
    try Report(report).results(
      rows.compactMap { row in row.1.map { "\(row.0.padded(to: 11)) \($0)" } },
      json: .object([
        "manifest": manifest.json, "sample": sample.map(JSONValue.string) ?? .null,
        "model": .string(model.description.name),
        "fit": .string(fit == .exact ? "exact" : "same sizes"), "summary": .string(fit.summary),
      ]))
  }
}

/// `arpg adapters export NAME`.
struct ExportAdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write an adapter of a model as a file of its own, to be given to others.",
    discussion: """
      EXAMPLES
        arpg adapters export canny -o soft.safetensors
        arpg adapters export canny --model runs/canny/model -o canny.safetensors --license CC0-1.0 --of-version 2
        arpg adapters export canny --as outlines -o outlines.safetensors
      """)

  @Argument(help: "The adapter.")
  var name: String

  @Option(help: ArgumentHelp("The model's folder. (default: the bundled model)", valueName: "dir"))
  var model: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write, .safetensors.", valueName: "file"))
  var output: String

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Another adapter that the weights are to serve, as those to begin its training with.", valueName: "name"))
  var kind: String?

  @Option(help: ArgumentHelp("Which of its kind it is, such as 2.", valueName: "text"))
  var ofVersion: String?

  @Option(help: ArgumentHelp("The licence of its weights.", valueName: "text"))
  var license: String?

  @Option(help: ArgumentHelp("What it was trained on, in a sentence.", valueName: "text"))
  var trainedOn: String?

  @Option(help: ArgumentHelp("What it is, in a sentence.", valueName: "text"))
  var summary: String?

  @Option(
    help: ArgumentHelp("An image that shows what it does, kept in the file, made small.", valueName: "image"))
  var sample: String?

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var files: OutputOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    try files.check([output], inputs: [sample].compactMap { $0 })
    let shown = try sample.map { try ImageFile.read($0) }
    let registries = CommandContext.registries
    let folder = try ModelFolder.read(ModelOptions(model: model).path(), registries)
    if let kind, folder.description.adapters[name] != nil {
      _ = try registries.adapters.adapter(named: kind).fit(to: Model.load(folder.path, registries).adapterModel(name))
    }
    try folder.writeAdapter(name, to: output) { manifest in
      if let kind, kind != name {
        manifest.adapter = kind
        manifest.summary = nil
        manifest.sample = nil
        manifest.trainingData = "Weights of the adapter \(name)" + (manifest.trainingData.map { ": \($0)" } ?? "")
      }
      if let shown { manifest.sample = try AdapterManifest.sample(of: shown) }
      manifest.version = ofVersion ?? manifest.version
      manifest.license = license ?? manifest.license
      manifest.trainingData = trainedOn ?? manifest.trainingData
      manifest.summary =
        summary ?? manifest.summary ?? (try? registries.adapters.adapter(named: kind ?? name))?.descriptor.summary
    }
    try Report(report).results(
      [output],
      json: .object(["path": .string(output), "manifest": AdapterFile(contentsOf: output).manifest.json]))
  }
}

/// `arpg adapters add FILE`.
struct AddAdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Copy an adapter's file into your own folder, to be found by its name.",
    discussion: """
      EXAMPLES
        arpg adapters add soft.safetensors --name soft
      """)

  @Argument(help: "The file.")
  var file: String

  @Option(help: ArgumentHelp("Its name. (default: that of its kind)", valueName: "name"))
  var name: String?

  @OptionGroup var libraries: AdapterLibraryOptions
  @OptionGroup var files: OutputOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    var beside = AdaptersBeside(registry: CommandContext.adapters)
    try beside.add(file, as: name)
    let folder = AdapterFolder.ofUser()
    for (name, adapter) in beside.files {
      let path = try folder.file(of: name)
      if files.noClobber, folder.contains(name) {
        throw CommandError("\(path): is there already, and --no-clobber was given; choose another name")
      }
      try folder.add(adapter, as: name)
      try Report(report).results([path], json: .object(["name": .string(name), "path": .string(path)]))
    }
  }
}

/// `arpg adapters remove NAME`.
struct RemoveAdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove an adapter's file from your own folder.",
    discussion: """
      EXAMPLES
        arpg adapters remove soft
      """)

  @Argument(help: "Its name.")
  var name: String

  @OptionGroup var report: ReportOptions

  func run() throws {
    let folder = AdapterFolder.ofUser(), path = try folder.file(of: name)
    try folder.remove(name)
    try Report(report).results([path], json: .object(["name": .string(name), "path": .string(path)]))
  }
}

/// `arpg adapters list`.
struct ListAdapterFilesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the adapters' files of your own folder.")

  @OptionGroup var report: ReportOptions

  func run() throws {
    let folder = AdapterFolder.ofUser()
    let entries = try folder.names.map { name in
      let path = try folder.file(of: name)
      do {
        let manifest = try AdapterFile(contentsOf: path).manifest
        let kind = name == manifest.adapter ? "" : " (\(manifest.adapter))"
        return (name: name, path: path, text: kind + (manifest.summary.map { ": \($0)" } ?? ""))
      } catch {
        return (name: name, path: path, text: ": cannot be used: \(error)")
      }
    }
    try Report(report).results(
      entries.map { "\($0.name)\($0.text)" },
      json: .array(entries.map { .object(["name": .string($0.name), "path": .string($0.path)]) }))
  }
}

extension AdapterManifest {
  /// What it says, without the sample's bytes.
  fileprivate var json: JSONValue {
    get throws {
      var manifest = self
      manifest.sample = nil
      return try JSONValue(encoding: manifest)
    }
  }
}

extension ModelOptions {
  /// Options with a model alone.
  fileprivate init(model: String?) {
    self.init()
    self.model = model
  }
}
