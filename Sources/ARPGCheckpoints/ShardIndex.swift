import ARPGFiles
import Foundation

/// The index of a checkpoint that is divided over several files of its folder: `weight_map` gives the file of each tensor.
struct ShardIndex {
  private static let maxBytes = 1 << 24
  private static let maxShards = 1 << 12
  private static let key = "weight_map"
  /// The most names in an error.
  private static let maxNamed = 3

  private struct Fields: Decodable {
    let weightMap: [String: String]
    private enum CodingKeys: String, CodingKey { case weightMap = "weight_map" }
  }

  private let path: String
  /// The tensors of each file, by its name.
  private let shards: [String: [String]]

  /// Reads an index; nil where the file is none.
  init?(_ bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
    guard bytes.count <= Self.maxBytes, bytes.first(where: { !Self.spaces.contains($0) }) == UInt8(ascii: "{"),
      case let data = Data(bytes), data.range(of: Data("\"\(Self.key)\"".utf8)) != nil
    else { return nil }
    self.path = path
    let fields: Fields
    do {
      fields = try JSONDecoder().decode(Fields.self, from: data)
    } catch {
      throw .malformed(
        path: path, found: (error as? DecodingError)?.summary ?? "no JSON", expected: "a file's name for each tensor")
    }
    shards = Dictionary(grouping: fields.weightMap.keys.sorted()) { fields.weightMap[$0] ?? "" }
    guard !shards.isEmpty, shards.count <= Self.maxShards else {
      throw .malformed(
        path: path, found: "an index of \(shards.count) files", expected: "one of 1 to \(Self.maxShards)")
    }
    if let name = shards.keys.sorted().first(where: { !Self.isPlain($0) }) {
      throw .malformed(
        path: path, found: "an index that names the file \(String(name.prefix(256)).debugDescription)",
        expected: "files of its own folder")
    }
  }

  private static let spaces: [UInt8] = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]

  /// Whether it is a file's name and no path.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 32 }
  }

  /// Maps all files and puts their tensors together.
  ///
  /// - Parameter read: reads what a file holds.
  func open(
    _ read: (MappedFile) throws -> (Checkpoint.Format, CheckpointContents)
  ) throws -> (files: [MappedFile], format: Checkpoint.Format, contents: CheckpointContents) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let names = shards.keys.sorted()
    let missing = names.filter { !FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
    guard missing.isEmpty else {
      throw CheckpointError.unsupported(
        path: path, found: "of its \(names.count) files, \(Self.list(missing)) are missing",
        remedy: "fetch them into the same folder")
    }
    var files: [MappedFile] = []
    var contents = CheckpointContents()
    var format = Checkpoint.Format.safetensors
    for name in names {
      let file = try MappedFile(folder.appendingPathComponent(name).path)
      let (kind, part) = try read(file)
      let absent = (shards[name] ?? []).filter { part.tensors[$0] == nil && !WeightNames.isBookkeeping($0, shape: []) }
      guard absent.isEmpty else {
        throw CheckpointError.unsupported(
          path: file.path, found: "the tensors \(Self.list(absent)) that \(path) tells are missing",
          remedy: "fetch the file and the index again, both of one model")
      }
      for tensor in shards[name] ?? [] {
        contents.tensors[tensor] = part.tensors[tensor]
        contents.tensors[tensor]?.file = files.count
      }
      contents.metadata.merge(part.metadata) { first, _ in first }
      contents.note = contents.note ?? part.note
      format = kind
      files.append(file)
    }
    return (files, format, contents)
  }

  private static func list(_ names: [String]) -> String {
    let rest = names.count - maxNamed
    return names.prefix(maxNamed).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
