import ARPG
import ARPGImageFiles
import ARPGScenes
import Foundation

/// A folder of rendered scenes: images, depth and parts by class, and what they were rendered with.
struct SceneFolder {
  /// What `scenes.json` says.
  struct Description: Codable {
    /// The version of the generator.
    var version: Int
    var seed: UInt64
    var size: Int
    /// The share of each kind by its name.
    var kinds: [String: Double]
    var cameras: SceneCameras
    /// The number of the first scene.
    var first: Int
    /// How many scenes there are without a gap; more where a command is at work or was stopped.
    var count: Int
    /// The names of the classes in the order of their numbers.
    var classes: [String]
  }

  static let descriptionName = "scenes.json"
  /// Numbers have eight digits.
  static let maxScenes = 100_000_000

  private let path: String
  private var description: Description

  /// Makes the folder, or joins the scenes that it holds.
  ///
  /// - Throws: `CommandError` where it holds something else, or the numbers would leave a gap; ``FileError``.
  init(_ path: String, for scenes: SceneDataset, adding numbers: Range<Int>) throws {
    self.path = path
    let classes = SceneClass.allCases.map(\.rawValue)
    description = Description(
      version: SceneDataset.version, seed: scenes.seed, size: scenes.size,
      kinds: Dictionary(uniqueKeysWithValues: scenes.kinds.shares.map { ($0.key.rawValue, $0.value) }),
      cameras: scenes.cameras, first: numbers.lowerBound, count: 0, classes: classes)
    if let present = try Self.read(path) {
      try Self.check(present, against: description, path: path)
      if present.count > 0 {
        try Self.check(present.first..<present.first + present.count, touches: numbers, path: path)
        (description.first, description.count) = (present.first, present.count)
      }
    }
    for map in Map.allCases {
      try Folder.make("\(path)/\(map.rawValue)")
      guard scenes.kinds.shares[.classes] != nil else { continue }
      for name in classes { try Folder.make("\(path)/\(map.rawValue)/\(name)") }
    }
    try writeDescription()
  }

  private enum Map: String, CaseIterable {
    case images, depth, parts
  }

  /// Whether all files of a scene are there and whole.
  func holds(_ number: Int, of sceneClass: SceneClass?) -> Bool {
    Map.allCases.allSatisfy { map in
      guard let info = try? ImageFile.info(of: file(map, number, sceneClass)) else { return false }
      return info.format == .png && info.width == description.size && info.height == description.size
    }
  }

  /// Writes all files of a scene.
  func write(_ scene: RenderedScene, number: Int) throws {
    try ImageFile.write(scene.image, to: file(.images, number, scene.sceneClass))
    try ImageFile.write(scene.depthImage, to: file(.depth, number, scene.sceneClass))
    try ImageFile.write(scene.partsImage, to: file(.parts, number, scene.sceneClass))
  }

  /// Notes that all scenes of a range are there.
  mutating func complete(_ numbers: Range<Int>) throws {
    let end = max(description.first + description.count, numbers.upperBound)
    description.first = min(description.first, numbers.lowerBound)
    description.count = end - description.first
    try writeDescription()
  }

  private func file(_ map: Map, _ number: Int, _ sceneClass: SceneClass?) -> String {
    let folder = sceneClass.map { "/\($0.rawValue)" } ?? ""
    return "\(path)/\(map.rawValue)\(folder)/\(number.padded(to: 8)).png"
  }

  private func writeDescription() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(encoder.encode(description) + [UInt8(ascii: "\n")], to: "\(path)/\(Self.descriptionName)")
  }

  /// What the folder holds; nil where there is no folder or an empty one.
  private static func read(_ path: String) throws -> Description? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path), !names.isEmpty else { return nil }
    let file = "\(path)/\(descriptionName)"
    guard names.contains(descriptionName) else {
      throw CommandError("\(path): holds files but no \(descriptionName); name a new or empty folder")
    }
    let text = try MappedFile(file, maxBytes: 1 << 20).withBytes { Data($0) }
    guard let description = try? JSONDecoder().decode(Description.self, from: text),
      0...maxScenes ~= description.first, 0...maxScenes - description.first ~= description.count
    else { throw CommandError("\(file): is no description of scenes; name a new folder") }
    return description
  }

  private static func check(_ present: Description, against new: Description, path: String) throws {
    let settings: [(name: String, present: String, new: String)] = [
      ("generator version", "\(present.version)", "\(new.version)"), ("--seed", "\(present.seed)", "\(new.seed)"),
      ("--size", "\(present.size)", "\(new.size)"), ("--kinds", text(present.kinds), text(new.kinds)),
      ("--cameras", present.cameras.rawValue, new.cameras.rawValue),
    ]
    func text(_ kinds: [String: Double]) -> String {
      kinds.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
    for setting in settings where setting.present != setting.new {
      throw CommandError(
        "\(path): its scenes were drawn with \(setting.name) \(setting.present), not \(setting.new); "
          + "name another folder")
    }
  }

  private static func check(_ present: Range<Int>, touches new: Range<Int>, path: String) throws {
    guard new.lowerBound <= present.upperBound, present.lowerBound <= new.upperBound else {
      throw CommandError(
        "\(path): holds scenes \(present.lowerBound) to \(present.upperBound - 1); numbers from \(new.lowerBound) would "
          + "leave a gap, so give --first \(present.upperBound)")
    }
  }
}
