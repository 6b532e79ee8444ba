import ARPGScaffold
import ArgumentParser

/// What `swift package new-adapter` runs.
@main
struct NewAdapter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swift package new-adapter",
    abstract: "Make a package with a control adapter, its tests, a command line and a recipe to train it.",
    discussion: """
      EXAMPLES
        swift package new-adapter soft-edges
        swift package --allow-writing-to-directory .. new-adapter soft-edges --output ../soft-edges
      """)

  @Argument(help: "The adapter's name: lower-case letters, digits and hyphens.")
  var name: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to make. (default: the name)", valueName: "dir"))
  var output: String?

  @Option(help: .hidden)
  var folder: String?

  @Option(help: .hidden)
  var address: String?

  @Option(help: .hidden)
  var release: String?

  func run() throws {
    let output = output ?? name
    let source: AdapterPackage.Source =
      if let address, let release { .address(address, version: release) } else {
        .folder(relativePath(from: output, to: folder ?? "."))
      }
    do {
      try AdapterPackage(name, source: source).write(to: output)
    } catch let error as AdapterPackageError {
      throw ValidationError("\(error)")
    }
    print(output)
  }
}
