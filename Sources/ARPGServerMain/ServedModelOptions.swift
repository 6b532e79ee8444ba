import ARPG
import ARPGAdapterLibraries
import ARPGBuiltIns
import ARPGService
import ARPGStarter
import ArgumentParser
import Foundation

/// The models that the server offers.
struct ServedModelOptions: ParsableArguments {
  @Option(
    name: .customLong("model"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A model's folder, under a name of its own where one is given; repeatable, the first is the default. (default: the bundled model)",
      valueName: "[name=]dir"))
  var models: [String] = []

  @Option(
    name: .customLong("adapter"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An adapter's file, used as it lies beside every model, under a name of its own where one is given; repeatable.",
      valueName: "[name=]file"))
  var adapters: [String] = []

  @Option(
    name: .customLong("adapter-library"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A shared library with adapters in C or C++, which runs with the server's rights; repeatable.", valueName: "file")
  )
  var libraries: [String] = []

  @Option(help: "How the decoder's weights are kept: f32, bf16, f16, int8, int4. (default: the model's own)")
  var precision: String?

  @Option(
    help: ArgumentHelp(
      "How much the models in memory may take together; others are read when they are asked for. (default: no limit)",
      valueName: "gigabytes"))
  var modelMemory: String?

  /// The models, their descriptions read.
  ///
  /// - Throws: where a folder holds no model.
  func catalog() throws -> ModelCatalog {
    var registries = try Registries.builtIn()
    for library in Setting.texts("adapter-library", libraries) {
      try AdapterLibrary(library).register(in: &registries.adapters)
    }
    let files = Setting.texts("adapter", adapters), given = Setting.texts("model", models)
    let named = try given.isEmpty ? [("starter", Starter.path())] : given.map(Self.named)
    let text = Setting.text("precision", precision)
    let precision = try text.map { text in
      guard let precision = WeightPrecision(rawValue: text) else {
        throw ValidationError("--precision is '\(text)'; it takes f32, bf16, f16, int8 or int4")
      }
      return precision
    }
    let gigabytes = try Setting.number("model-memory", modelMemory, 0.001...100_000)
    return try ModelCatalog(
      named.map { [registries] name, path in
        try ServedModel(named: name, at: path, registries, adapterFiles: files, precision: precision)
      },
      memoryLimit: gigabytes.map { Int($0 * 1e9) })
  }

  /// A model's name, that of its folder where none is given, and its folder.
  private static func named(_ argument: String) -> (String, String) {
    let model = NamedPath(argument)
    return (model.name ?? URL(fileURLWithPath: model.path).standardizedFileURL.lastPathComponent, model.path)
  }
}
