import ARPG
import ArgumentParser

/// Adapters of files, laid beside a model without writing there.
struct AdapterOptions: ParsableArguments {
  @Option(
    name: .customLong("adapter"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An adapter's file, used as it lies beside the model, under a name of its own where one is given; repeatable.",
      valueName: "[name=]file"),
    transform: NamedPath.init)
  var files: [NamedPath] = []

  @OptionGroup var libraries: AdapterLibraryOptions

  /// Opens the files that are given, and those of the user's folder that controls name and the model does not have.
  ///
  /// - Throws: where a file is no adapter's, or is of a kind that the program does not have.
  func open(
    for controls: [String], of model: ModelFolder, _ registry: AdapterRegistry
  ) throws -> AdaptersBeside {
    var beside = AdaptersBeside(registry: registry)
    for argument in files { try beside.add(argument.path, as: argument.name) }
    let folder = AdapterFolder.ofUser()
    for name in Set(controls).sorted()
    where beside.files[name] == nil && model.description.adapters[name] == nil && folder.contains(name) {
      try beside.add(folder.file(of: name), as: name)
    }
    return beside
  }
}
