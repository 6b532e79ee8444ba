import ARPG
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
  /// The names of the classes, sorted: those of the images, and the folders within `images`, empty ones as well.
  public let labels: [String]

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
      entries = Self.images(in: path)
      classes = (try? TrainingData.list(path + "/images", folders: true)) ?? []
    } else {
      root = URL(fileURLWithPath: path).deletingLastPathComponent().path
      entries = try Self.lines(of: path, root: root)
    }
    labels = Set(entries.compactMap(\.label) + classes).sorted()
    guard !entries.isEmpty else {
      throw TrainingError.noData(path: path, expected: "images, one folder a class, or lines 'PATH CLASS'")
    }
  }

  /// The file of a map, such as an adapter's control, that stands beside an image; nil where there is none.
  public func map(_ name: String, of entry: Entry) -> String? {
    [".png", ".jpg", ".jpeg"].map { entry.path(in: "\(root)/\(name)", ending: $0) }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  private static let extensions: Set = ["png", "jpg", "jpeg"]

  private static func images(in root: String) -> [Entry] {
    let images = root + "/images"
    let start = FileManager.default.fileExists(atPath: images) ? images : root
    let files = FileManager.default.enumerator(atPath: start)?.compactMap { $0 as? String } ?? []
    return files.sorted().compactMap { file in
      let url = URL(fileURLWithPath: file)
      let parts = file.split(separator: "/")
      guard !parts.isEmpty, extensions.contains(url.pathExtension.lowercased()) else { return nil }
      let label = parts.count > 1 ? String(parts[0]) : nil
      let name = parts.dropFirst(label == nil ? 0 : 1).joined(separator: "_").dropLast(url.pathExtension.count + 1)
      return Entry(path: "\(start)/\(file)", label: label, name: String(name))
    }
  }

  private static func lines(of path: String, root: String) throws -> [Entry] {
    let data = try MappedFile(path, maxBytes: 1 << 30).withBytes { Data($0) }
    let rows = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    return try rows.enumerated().map { index, row in
      guard let space = row.lastIndex(where: { $0 == " " || $0 == "\t" }), space > row.startIndex else {
        throw TrainingError.sample(
          path: path, found: "line \(index + 1) is '\(row)'", expected: "a path and a class, or a hyphen for none")
      }
      let file = String(row[..<space])
      let label = row[row.index(after: space)...].replacing("/", with: "_")
      return Entry(
        path: file.hasPrefix("/") ? file : "\(root)/\(file)", label: label == "-" ? nil : String(label),
        name: "\(index)")
    }
  }
}
