import ARPG
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

  @Option(help: "How the decoder's weights are kept: f32, bf16, f16, int8, int4. (default: as they are stored)")
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
    let registries = try Registries.builtIn(), given = Setting.texts("model", models)
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
      named.map { name, path in try ServedModel(named: name, at: path, registries, precision: precision) },
      memoryLimit: gigabytes.map { Int($0 * 1e9) })
  }

  /// `[NAME=]DIR`: a name where what stands before the first equals sign could be one and the whole is no folder.
  private static func named(_ argument: String) throws -> (String, String) {
    guard let equals = argument.firstIndex(of: "="), !FileManager.default.fileExists(atPath: argument) else {
      let name = URL(fileURLWithPath: argument).standardizedFileURL.lastPathComponent
      return (name, argument)
    }
    return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
  }
}
