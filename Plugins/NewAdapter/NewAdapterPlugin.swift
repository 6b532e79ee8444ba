import Foundation
import PackagePlugin

/// `swift package new-adapter NAME`: a package with a control adapter, which depends on this one as the package does that the
/// command is given in.
@main
struct NewAdapterPlugin: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) throws {
    let process = Process()
    process.executableURL = try context.tool(named: "arpg-new-adapter").url
    process.arguments = arguments + Self.source(context.package)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { exit(process.terminationStatus) }
  }

  /// Where the new package finds this one: the folder, or the address and version that it came from.
  private static func source(_ package: Package) -> [String] {
    guard let own = find("ARPG", package) else { return [] }
    if case .repository(let address, let version, _) = own.origin {
      return ["--address", address, "--release", version]
    }
    return ["--folder", own.directoryURL.path]
  }

  private static func find(_ name: String, _ package: Package) -> Package? {
    if package.displayName == name { return package }
    return package.dependencies.lazy.compactMap { find(name, $0.package) }.first
  }
}
