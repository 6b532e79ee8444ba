import ARPGFiles
import Foundation

/// The files that the server reads when it starts: the page and the description of its interface.
enum Resources {
  /// The folder: beside the program, where the build puts it, or `../share/arpg/server` from there.
  ///
  /// - Throws: ``ResourcesError`` with the places.
  static func folder() throws(ResourcesError) -> URL {
    let places = ProgramFiles.places(of: "", target: "ARPGServer", installed: "share/arpg/server")
    if let found = ProgramFiles.first(of: places, holding: "openapi.json") { return found }
    throw ResourcesError(places: places.map(\.path))
  }
}

/// The server's files are not where they should be.
struct ResourcesError: Error, CustomStringConvertible {
  let places: [String]

  var description: String {
    "the page was not found in \(places.joined(separator: ", ")); keep ARPG_ARPGServer.resources beside the program"
  }
}
