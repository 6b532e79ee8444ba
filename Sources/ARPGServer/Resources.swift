import Foundation

/// The files that the server reads when it starts: the page and the description of its interface.
enum Resources {
  /// The folder: beside the program, where the build puts it, or `../share/arpg/server` from there.
  ///
  /// - Throws: ``ResourcesError`` with the places.
  static func folder() throws(ResourcesError) -> URL {
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let folders = [program, Bundle.main.bundleURL, Bundle.main.resourceURL].compactMap { $0?.standardizedFileURL }
    let places = folders.flatMap { folder in
      ["ARPG_ARPGServer.resources", "ARPG_ARPGServer.bundle", "../share/arpg/server"].map {
        folder.appendingPathComponent($0)
      }
    }
    let found = places.first {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("openapi.json").path)
    }
    if let found { return found }
    throw ResourcesError(places: places.map(\.standardizedFileURL.path))
  }
}

/// The server's files are not where they should be.
struct ResourcesError: Error, CustomStringConvertible {
  let places: [String]

  var description: String {
    "the page was not found in \(places.joined(separator: ", ")); keep ARPG_ARPGServer.resources beside the program"
  }
}
