import ARPG
import ARPGTensor
import Foundation

extension Judge {
  /// The name of the file in a run's model folder.
  static let fileName = "judge.safetensors"
  private static let metadataKey = "judge"

  /// Reads a judge.
  ///
  /// - Parameter path: its file, or the folder that holds it.
  /// - Throws: where it cannot be read, or is none.
  public static func load(_ path: String) throws -> Judge {
    var isFolder: ObjCBool = false
    let file =
      FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
      ? "\(path)/\(fileName)" : path
    let checkpoint = try Checkpoint.open(file)
    guard let text = checkpoint.metadata[metadataKey],
      let settings = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    else {
      throw CheckpointError.malformed(
        path: file, found: "no sizes of a judge", expected: "a file made by `arpg train judge`")
    }
    let configuration: JudgeConfiguration
    do {
      configuration = try settings.decode()
      try configuration.validate()
    } catch let error as ConfigurationError {
      throw CheckpointError.malformed(path: file, found: "\(error)", expected: "a file made by `arpg train judge`")
    }
    return try load(configuration, from: checkpoint)
  }

  /// Writes a judge's file.
  static func write(_ parameters: [String: Tensor], _ configuration: JudgeConfiguration, to path: String) throws {
    let text = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    var writer = SafetensorsWriter(metadata: [metadataKey: text])
    for entry in parameterTable(configuration) {
      if let tensor = parameters[entry.name] { writer.add(entry.name, tensor) }
    }
    try writer.write(to: path)
  }
}
