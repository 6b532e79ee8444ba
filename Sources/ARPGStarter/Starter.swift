import Foundation

/// The small model that ships with the package.
public enum Starter {
  /// The model's folder.
  ///
  /// It is looked for beside the program, where the build puts it, in `../share/arpg/starter` from there, where an
  /// installation would, and first of all in the folder that the environment variable `ARPG_STARTER` names.
  ///
  /// - Throws: ``StarterError`` where it is in none of them.
  public static func path() throws -> String {
    let named = ProcessInfo.processInfo.environment["ARPG_STARTER"].map { URL(fileURLWithPath: $0) }
    let places =
      [named].compactMap { $0 }
      + folders.flatMap { folder in
        ["ARPG_ARPGStarter.resources/starter", "ARPG_ARPGStarter.bundle/starter", "../share/arpg/starter"].map {
          folder.appendingPathComponent($0)
        }
      }
    let found = places.first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("model.json").path) }
    guard let found else { throw StarterError.notFound(places.map(\.standardizedFileURL.path)) }
    return found.standardizedFileURL.path
  }

  /// Where the program stands, links resolved, and where the package's build puts bundles.
  private static var folders: [URL] {
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let all = [program, Bundle.main.bundleURL, Bundle.main.resourceURL].compactMap { $0?.standardizedFileURL }
    return all.enumerated().filter { !all.prefix($0.offset).contains($0.element) }.map(\.element)
  }
}

/// The starter model is not where it should be.
public enum StarterError: Error, CustomStringConvertible {
  /// None of these folders holds it.
  case notFound([String])

  /// Where it was looked for, and what to do.
  public var description: String {
    switch self {
    case .notFound(let places):
      "the starter model was not found in \(places.joined(separator: ", ")); keep ARPG_ARPGStarter.resources beside the "
        + "program, set ARPG_STARTER to its folder, or name a model with --model"
    }
  }
}
