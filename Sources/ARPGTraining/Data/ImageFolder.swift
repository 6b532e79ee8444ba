import ARPGImageFiles
import Foundation

/// The images in a folder and the folders below it. Links are followed, and one that leads back is passed over; what is hidden, or
/// what systems leave beside files, is not looked at.
struct ImageFolder {
  /// The paths of images below the folder, sorted.
  private(set) var images: [String] = []
  /// Those of images whose format is not read, sorted.
  private(set) var unread: [String] = []

  /// Looks through a folder.
  init(_ root: String) {
    var trail: [Place] = []
    visit(root, below: "", &trail)
    images.sort()
    unread.sort()
  }

  /// Whether a name is that of a file or folder to be looked at.
  static func isVisible(_ name: String) -> Bool { !name.hasPrefix(".") && name != "__MACOSX" }

  private static let read = Set(ImageFile.extensions)
  private static let known: Set = ["gif", "bmp", "heic", "heif", "avif", "jxl", "jp2", "psd"]

  private static func ending(_ name: String) -> String { URL(fileURLWithPath: name).pathExtension.lowercased() }

  private static func isImage(_ name: String) -> Bool { read.union(known).contains(ending(name)) }

  private struct Place: Equatable {
    let device, number: UInt64
  }

  private mutating func visit(_ folder: String, below path: String, _ trail: inout [Place]) {
    var status = stat()
    guard stat(folder, &status) == 0 else { return }
    let place = Place(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    guard !trail.contains(place) else { return }
    trail.append(place)
    defer { trail.removeLast() }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where Self.isVisible(name) {
      let own = path.isEmpty ? name : "\(path)/\(name)"
      guard stat("\(folder)/\(name)", &status) == 0 else {
        // A link to nothing.
        if Self.isImage(name) { unread.append(own) }
        continue
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        visit("\(folder)/\(name)", below: own, &trail)
      } else {
        if Self.read.contains(Self.ending(name)) { images.append(own) }
        if Self.known.contains(Self.ending(name)) { unread.append(own) }
      }
    }
  }
}

extension [String] {
  /// Of names of classes, the index of the one of a name, or the one whose index the name is; nil where there is none.
  func index(ofClass name: String) -> Int? {
    firstIndex(of: name) ?? Int(name).flatMap { indices.contains($0) ? $0 : nil }
  }

  /// Names of classes in order: as numbers where all of them are numbers.
  var inClassOrder: [String] {
    let numbers = compactMap { name in Int(name).map { ($0, name) } }
    guard numbers.count == count else { return sorted() }
    return numbers.sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }.map(\.1)
  }
}
