import ARPG
import ARPGAdapterLibraries
import ArgumentParser

/// Shared libraries of adapters. They are loaded before the arguments are parsed, see
/// ``/ARPG/Registries/addAdapterLibraries(of:)``, since their shorthands are options themselves; here the option is
/// declared, for commands that make use of adapters.
struct AdapterLibraryOptions: ParsableArguments {
  static let name = "adapter-library"

  @Option(
    name: .customLong(AdapterLibraryOptions.name),
    help: ArgumentHelp(
      "A shared library with adapters in C or C++, which runs with your rights; repeatable.", valueName: "file"))
  var libraries: [String] = []
}

extension Registries {
  /// Registers the adapters of all libraries that arguments name.
  ///
  /// - Throws: ``/ARPGAdapterLibraries/AdapterLibraryError``, ``/ARPGFiles/FileError``.
  mutating func addAdapterLibraries(of arguments: [String]) throws {
    var rest = arguments[...]
    let option = "--" + AdapterLibraryOptions.name
    while let argument = rest.popFirst(), argument != "--" {
      let path: String?
      if argument == option {
        path = rest.popFirst()
      } else {
        path = argument.hasPrefix(option + "=") ? String(argument.dropFirst(option.count + 1)) : nil
      }
      // The parser says that a name is missing.
      guard let path, !path.isEmpty else { continue }
      try AdapterLibrary(path).register(in: &adapters)
    }
  }
}
