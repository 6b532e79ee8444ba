import ARPGFiles
import Foundation

extension Checkpoint {
  /// The names that published checkpoints have in their folders, the first preferred.
  private static let usualNames =
    ["model", "diffusion_pytorch_model"].flatMap {
      ["\($0).safetensors", "\($0).safetensors.index.json"]
    } + ["pytorch_model", "diffusion_pytorch_model"].flatMap { ["\($0).bin", "\($0).bin.index.json"] }
  private static let endings = [".safetensors", ".index.json", ".pt", ".pth", ".bin", ".ckpt"]
  /// The most names in an error.
  private static let maxNamed = 5

  /// The checkpoint in a folder such as a hub's snapshot: one with a usual name, such as `model.safetensors` or
  /// `pytorch_model.bin.index.json`, otherwise the only one.
  ///
  /// - Returns: its path; nil where there is none.
  /// - Throws: ``CheckpointError`` where there are several, or `FileError` where the folder cannot be read.
  public static func file(inFolder path: String) throws -> String? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path).sorted() else {
      throw FileError.unreadable(path: path, reason: "the folder cannot be listed")
    }
    let usual = usualNames.first(where: Set(names).contains)
    let others = names.filter { name in !name.hasPrefix(".") && endings.contains(where: name.lowercased().hasSuffix) }
    guard usual != nil || others.count <= 1 else {
      let rest = others.count - maxNamed
      throw CheckpointError.unsupported(
        path: path,
        found: "the folder holds \(others.prefix(maxNamed).joined(separator: ", "))"
          + (rest > 0 ? " and \(rest) more" : ""),
        remedy: "give one of these files")
    }
    return (usual ?? others.first).map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
  }

  /// The file to open for a path: itself, or the checkpoint in the folder that it is.
  static func file(at path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return path }
    guard let file = try file(inFolder: path) else {
      throw FileError.unreadable(
        path: path, reason: "it is a folder without a checkpoint; give a .safetensors or .pt file, or a folder with one"
      )
    }
    return file
  }
}
