import ARPG
import ArgumentParser
import Foundation

/// Adapters of files, laid beside a model without writing there.
struct AdapterOptions: ParsableArguments {
  @Option(
    name: .customLong("adapter"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An adapter's file, used as it lies beside the model, under a name of its own where one is given; repeatable.",
      valueName: "[name=]file"),
    transform: AdapterFileArgument.init)
  var files: [AdapterFileArgument] = []

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

/// `[NAME=]FILE`: a name where what stands before the first equals sign could be one and the whole is no file.
struct AdapterFileArgument {
  let name: String?
  let path: String

  init(_ argument: String) throws {
    guard let equals = argument.firstIndex(of: "="), !FileManager.default.fileExists(atPath: argument) else {
      (name, path) = (nil, argument)
      return
    }
    name = String(argument[..<equals])
    path = String(argument[argument.index(after: equals)...])
  }
}

/// Adapters of files, and the registry with their names.
struct AdaptersBeside {
  private(set) var registry: AdapterRegistry
  private(set) var files: [String: AdapterFile] = [:]

  init(registry: AdapterRegistry) {
    self.registry = registry
  }

  /// Opens a file, and registers its kind under another name where it has one.
  mutating func add(_ path: String, as given: String?) throws {
    let file = try AdapterFile(contentsOf: path), kind = file.manifest.adapter
    guard registry.adapters.contains(where: { $0.descriptor.name == kind }) else {
      let known = registry.adapters.map(\.descriptor.name).joined(separator: ", ")
      throw CommandError("\(path): it is for the adapter '\(kind)', which this program does not have; it has \(known)")
    }
    let name = given ?? kind
    guard files[name] == nil else {
      throw CommandError("--adapter \(path): there is another '\(name)'; give this one a name: NAME=\(path)")
    }
    if name != kind { try registry.register(kind, as: name) }
    files[name] = file
  }

  /// A model with the adapters beside it.
  ///
  /// - Parameter note: is told how an adapter fits where it was trained for another model.
  /// - Throws: where one does not fit.
  func laid(beside model: Model, note: (String) -> Void) throws -> Model {
    var model = model
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      let fit = try file.fit(to: model, registry.adapter(named: name))
      if fit != .exact { note("\(name): \(fit.summary)") }
      model = model.adding(file, as: name)
    }
    return model
  }
}
