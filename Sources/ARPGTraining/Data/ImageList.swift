import ARPG
import ARPGImageFiles
import Foundation

/// Images with their classes: a folder with one folder a class, or a text file with a path and a class on each line.
/// Images in the folder itself, and lines whose class is a hyphen, have no class.
public struct ImageList: Sendable {
  /// One image.
  public struct Entry: Sendable, Equatable {
    /// Where it is.
    public let path: String
    /// The name of its class; nil for none.
    public let label: String?
    /// What its files are called, without an extension; no two images of a class share it.
    public let name: String

    /// The path of a file of its name below a folder: within a folder of its class where it has one.
    func path(in folder: String, ending: String) -> String {
      "\(folder)/\(label.map { "\($0)/" } ?? "")\(name)\(ending)"
    }
  }

  /// The folder that `entries` were found in, or the folder of the list.
  public let root: String
  /// The images, in order.
  public let entries: [Entry]
  /// The names of the classes in order, numbers as numbers: those of the images, and the folders within `images` of rendered
  /// scenes, empty ones as well.
  public let labels: [String]
  /// The paths of images whose format is not read.
  public let unread: [String]

  /// Lists the images of a folder or a file. Of a folder with one that is called `images`, only that is taken, and
  /// folders beside it hold controls, named after adapters, and other maps.
  ///
  /// - Throws: ``TrainingError/noData(path:expected:)``.
  public init(_ path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw TrainingError.noData(path: path, expected: "a folder of images or a list of them")
    }
    var classes: [String] = []
    if isFolder.boolValue {
      root = path
      let start = Self.start(of: path), folder = ImageFolder(start)
      entries = Self.entries(of: folder, in: start)
      unread = folder.unread.map { "\(start)/\($0)" }
      // Scenes are rendered a few at a time: their classes are there before their images.
      if FileManager.default.fileExists(atPath: path + "/scenes.json") {
        classes = (try? TrainingData.list(path + "/images", folders: true)) ?? []
      }
    } else {
      root = URL(fileURLWithPath: path).deletingLastPathComponent().path
      entries = try Self.lines(of: path, root: root)
      unread = []
    }
    labels = Array(Set(entries.compactMap(\.label) + classes)).inClassOrder
    guard !entries.isEmpty else {
      throw TrainingError.noData(path: path, expected: "images, one folder a class, or lines 'PATH CLASS'")
    }
  }

  /// The file of a map, such as an adapter's control, that stands beside an image; nil where there is none.
  public func map(_ name: String, of entry: Entry) -> String? {
    (ImageFile.extensions + ["npy"]).map { entry.path(in: "\(root)/\(name)", ending: ".\($0)") }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// Where the images of a folder are.
  static func start(of root: String) -> String {
    let images = root + "/images"
    return FileManager.default.fileExists(atPath: images) ? images : root
  }

  private static func entries(of folder: ImageFolder, in start: String) -> [Entry] {
    let files = folder.images.map { file in
      let parts = file.split(separator: "/"), label = parts.count > 1 ? String(parts[0]) : nil
      return (file: file, label: label, name: parts.dropFirst(label == nil ? 0 : 1).joined(separator: "_"))
    }
    func stem(_ name: String) -> String { URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent }
    // Images that differ in their ending alone keep it in their name.
    var uses: [String: Int] = [:]
    for file in files { uses["\(file.label ?? "")/\(stem(file.name))", default: 0] += 1 }
    var taken: Set<String> = []
    return files.map { file in
      var name = stem(file.name)
      if uses["\(file.label ?? "")/\(name)", default: 0] > 1 { name = file.name.replacing(".", with: "_") }
      while !taken.insert("\(file.label ?? "")/\(name)").inserted { name += "_" }
      return Entry(path: "\(start)/\(file.file)", label: file.label, name: name)
    }
  }

  private static func lines(of path: String, root: String) throws -> [Entry] {
    let data = try MappedFile(path, maxBytes: 1 << 30).withBytes { Data($0) }
    var text = String(decoding: data, as: UTF8.self)[...]
    if text.first == "\u{FEFF}" { text = text.dropFirst() }
    let rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
    return try rows.compactMap { index, row in
      let line = row.drop { $0 == " " }
      guard !line.allSatisfy(\.isWhitespace), !line.hasPrefix("#") else { return nil }
      // A tab ends the path, whatever spaces there are; without one the last space does.
      guard let end = line.firstIndex(of: "\t") ?? line.lastIndex(of: " "), end > line.startIndex else {
        throw TrainingError.sample(
          path: path, found: "line \(index + 1) is '\(line)'", expected: "a path and a class, or a hyphen for none")
      }
      let file = String(line[..<end])
      let label = line[line.index(after: end)...].trimmingCharacters(in: .whitespaces).replacing("/", with: "_")
      return Entry(
        path: file.hasPrefix("/") ? file : "\(root)/\(file)", label: label == "-" || label.isEmpty ? nil : label,
        name: "\(index)")
    }
  }
}
