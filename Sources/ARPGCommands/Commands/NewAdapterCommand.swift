import ARPGScaffold
import ArgumentParser
import Foundation

/// `arpg adapters new NAME`.
struct NewAdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a package with a control adapter, its tests, a command line and a recipe to train it.",
    discussion: """
      The package depends on ARPG: on the folder that this program was built in, or on
      what --package names. Its README says how to build, train and share the adapter.

      EXAMPLES
        arpg adapters new soft-edges
        arpg adapters new soft-edges -o packages/soft-edges --package ../arpg
      """)

  @Argument(help: "The adapter's name: lower-case letters, digits and hyphens.")
  var name: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to make. (default: the name)", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the package ARPG, or its address. (default: where this program was built)", valueName: "dir|url"))
  var package: String?

  @OptionGroup var report: ReportOptions

  func run() throws {
    let output = output ?? name
    try AdapterPackage(name, source: source(of: output)).write(to: output)
    try Report(report).results([output], json: .object(["path": .string(output)]))
  }

  private func source(of output: String) throws -> AdapterPackage.Source {
    if let package, package.contains("://") {
      return .address(package, version: ARPGCommandLine.packageVersion)
    }
    guard let folder = package ?? Self.packageAboveProgram else {
      throw CommandError("this program lies in no clone of ARPG; give its folder or address with --package")
    }
    guard Self.isPackage(folder) else {
      throw CommandError(
        "--package \(folder): there is no package ARPG in it; expected the folder of its Package.swift")
    }
    return .folder(relativePath(from: output, to: folder))
  }

  /// The nearest folder above the program that is the package.
  private static var packageAboveProgram: String? {
    var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    while let path = folder?.path, path != "/" {
      if isPackage(path) { return path }
      folder = folder?.deletingLastPathComponent()
    }
    return nil
  }

  private static func isPackage(_ folder: String) -> Bool {
    let manifest = try? String(contentsOfFile: folder + "/Package.swift", encoding: .utf8)
    return manifest?.contains("\n  name: \"ARPG\",\n") == true
  }
}
