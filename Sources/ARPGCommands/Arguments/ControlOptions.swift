import ARPG
import ArgumentParser

extension ImageFit: ExpressibleByArgument {}

/// The controls of a command, and how their inputs are read.
struct ControlOptions: ParsableArguments {
  @Option(
    name: .customLong("control"),
    help: ArgumentHelp(
      "A control and its input; repeatable.", valueName: "name=input[,key=value...]"),
    transform: ControlArgument.init(parsing:))
  var controls: [ControlArgument] = []

  @Option(help: "How inputs of another shape are brought to the model's: crop, pad or stretch.")
  var fit = ImageFit.crop

  @OptionGroup var beside: AdapterOptions
  @OptionGroup var reading: InputOptions

  func validate() throws {
    if controls.flatMap({ [$0.input, $0.region] }).count(where: { $0 == InputFile.standardInput }) > 1 {
      throw ValidationError("- stands for several inputs, and standard input is one; name files for the others")
    }
  }

  /// The paths of all files that are read.
  func paths(_ registry: AdapterRegistry) throws -> [String] {
    try controls.flatMap { control in
      let descriptor = try registry.adapter(named: control.adapter).descriptor
      let further = GivenOptions(control.options, for: descriptor).files.values.map(\.path)
      return further + [descriptor.input == .text ? nil : control.input, control.region].compactMap { $0 }
    }
  }

  /// Opens the adapters of files that are given, and those that controls name of the user's folder.
  func adapters(beside model: ModelFolder, _ registry: AdapterRegistry) throws -> AdaptersBeside {
    try beside.open(for: controls.map(\.adapter), of: model, registry)
  }

  /// Reads the controls' inputs.
  ///
  /// - Parameter like: an image that tells what controls leave open.
  func read(_ registry: AdapterRegistry, _ report: Report, like: StoredRecord? = nil) throws -> [ReadControl] {
    try (like?.completing(controls) ?? controls).map {
      try ReadControl($0, registry, limit: reading.limit, note: report.note)
    }
  }
}
