import ARPGFiles
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
    let named = ProcessInfo.processInfo.environment["ARPG_STARTER"].map { URL(fileURLWithPath: $0).standardizedFileURL }
    let places =
      [named].compactMap { $0 }
      + ProgramFiles.places(of: "starter", target: "ARPGStarter", installed: "share/arpg/starter")
    guard let found = ProgramFiles.first(of: places, holding: "model.json") else {
      throw StarterError.notFound(places.map(\.path))
    }
    return found.path
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
