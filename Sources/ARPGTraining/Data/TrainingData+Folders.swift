import ARPG
import Foundation

/// What the names of files and folders mean.
extension TrainingData {
  /// The names in a folder, sorted; hidden ones left out.
  static func list(_ path: String, folders: Bool = false, ending: String = "") throws -> [String] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw TrainingError.noData(path: path, expected: "a folder that can be read")
    }
    return names.filter { name in
      guard ImageFolder.isVisible(name), name.hasSuffix(ending) else { return false }
      guard folders else { return true }
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder) && isFolder.boolValue
    }.sorted()
  }

  /// What the names of folders mean.
  static func classes(
    _ folders: [String], description: ModelFolder?, path: String
  ) throws -> (indices: [String: Int], names: [String], count: Int) {
    let described = description?.description.classNames ?? []
    let numbers = folders.compactMap(Int.init)
    // Names that the description lists come first, also where they are numbers.
    let isNumbered = numbers.count == folders.count && numbers.allSatisfy { $0 >= 0 }
    if isNumbered, !folders.allSatisfy(described.contains) {
      let count = max(described.count, (numbers.max() ?? -1) + 1)
      return (Dictionary(zip(folders, numbers)) { first, _ in first }, described, count)
    }
    let names = described.isEmpty ? folders.inClassOrder : described
    let indices = Dictionary(zip(names, names.indices)) { first, _ in first }
    if let stranger = folders.first(where: { indices[$0] == nil }) {
      throw TrainingError.sample(
        path: "\(path)/\(stranger)", found: "no class of that name",
        expected: stranger.nearest(among: names).map { "'\($0)'?" } ?? "a class of \(ModelFolder.descriptionName)")
    }
    return (indices, names, names.count)
  }
}
