import ARPG
import ARPGImageFiles
import ArgumentParser
import Foundation

/// Whether files may be replaced.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Refuse to replace a file that is there.")
  var noClobber = false

  /// Checks before long work that files can be written, and that none of them is an input.
  ///
  /// - Parameters:
  ///   - paths: of the files to write.
  ///   - inputs: the paths of what is read.
  /// - Throws: `CommandError` or what ``/ARPGFiles/AtomicFile/checkWritable(_:)`` throws.
  func check(_ paths: [String], inputs: [String] = []) throws {
    let read = inputs.compactMap(FileIdentity.init)
    for path in paths where path != OutputImages.standardOutput {
      try AtomicFile.checkWritable(path)
      guard let file = FileIdentity(path) else { continue }
      if read.contains(file) {
        throw CommandError("\(path): is one of the inputs, which are never replaced; choose another name")
      }
      if noClobber, file.isRegular {
        throw CommandError("\(path): is there already, and --no-clobber was given; choose another name")
      }
    }
  }
}

/// Which file a path leads to, whatever its name.
private struct FileIdentity: Equatable {
  let device: UInt64
  let number: UInt64
  let isRegular: Bool

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    isRegular = status.st_mode & S_IFMT == S_IFREG
  }
}
