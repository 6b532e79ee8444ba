import ARPGFiles
import ARPGImages
import Foundation

/// A folder of numbered images, `frame-01.png` and so on. They wait in a folder of their own until all are there.
final class FrameFolder: AnimationEncoder {
  private let path: String
  private let waiting: String
  private var count = 0
  private var last: Image?

  init(_ path: String) {
    self.path = Self.withoutSlash(path)
    let isThere = FileManager.default.fileExists(atPath: self.path)
    waiting = (isThere ? "\(self.path)/." : "\(self.path).") + "\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
  }

  deinit { try? FileManager.default.removeItem(atPath: waiting) }

  func append(_ image: Image, hundredths: UInt16) throws {
    if count == 0 { try Folder.make(waiting) }
    try write(image, to: place(count), text: [])
    count += 1
    last = image
  }

  func finish(text: [(keyword: String, value: String)]) throws {
    if let last { try write(last, to: place(count - 1), text: text) }
    try Folder.make(path)
    let width = String(count).count
    for index in 0..<count {
      let digits = String(index + 1)
      let name = "frame-" + String(repeating: "0", count: width - digits.count) + digits + ".png"
      guard rename(place(index), "\(path)/\(name)") == 0 else {
        throw FileError.unwritable(path: "\(path)/\(name)", reason: FileError.systemReason)
      }
    }
  }

  private func write(_ image: Image, to place: String, text: [(keyword: String, value: String)]) throws {
    do { try ImageFile.write(image, to: place, text: text) } catch ImageFileError.unwritable(_, let reason) {
      throw ImageFileError.unwritable(path: path, reason: reason)
    }
  }

  /// A folder's name without the slashes at its end.
  private static func withoutSlash(_ path: String) -> String {
    var name = path[...]
    while name.count > 1, name.last == "/" { name.removeLast() }
    return String(name)
  }

  /// Where an image waits.
  private func place(_ index: Int) -> String { "\(waiting)/\(index).png" }

  /// Checks that images can be put into a folder, and that none of an earlier animation are there.
  ///
  /// - Throws: ``ImageFileError``.
  static func checkWritable(_ path: String) throws(ImageFileError) {
    let folder = withoutSlash(path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      do { try AtomicFile.checkWritable(folder) } catch {
        guard case .unwritable(_, let reason) = error else { return }
        throw .unwritable(path: path, reason: reason)
      }
      return
    }
    guard isFolder.boolValue else { throw .unwritable(path: path, reason: "it is a file, a folder is needed") }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .unwritable(path: path, reason: "nothing can be written into the folder")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    if let old = names.filter({ $0.hasPrefix("frame-") && $0.hasSuffix(".png") }).min() {
      throw .unwritable(path: path, reason: "it holds frames such as \(old) already")
    }
  }
}
