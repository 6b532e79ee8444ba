import Foundation

/// Files that a target of the package ships: beside the program, where the build puts its bundle, or where an installation has them.
package enum ProgramFiles {
  /// Where a folder of such files may be.
  ///
  /// - Parameters:
  ///   - folder: its place in the bundle; empty for the bundle itself.
  ///   - target: the target's name.
  ///   - installed: its place beside the program's folder, in an installation.
  package static func places(of folder: String, target: String, installed: String) -> [URL] {
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let all = [program, Bundle.main.bundleURL, Bundle.main.resourceURL].compactMap { $0?.standardizedFileURL }
    let folders = all.enumerated().filter { !all.prefix($0.offset).contains($0.element) }.map(\.element)
    let inside = folder.isEmpty ? "" : "/\(folder)"
    return folders.flatMap { place in
      ["ARPG_\(target).resources\(inside)", "ARPG_\(target).bundle\(inside)", "../\(installed)"].map {
        place.appendingPathComponent($0).standardizedFileURL
      }
    }
  }

  /// The first of some folders that has a file; nil where none has.
  package static func first(of places: [URL], holding file: String) -> URL? {
    places.first { FileManager.default.fileExists(atPath: $0.appendingPathComponent(file).path) }
  }
}
