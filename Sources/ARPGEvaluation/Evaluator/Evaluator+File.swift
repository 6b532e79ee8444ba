import ARPG
import ARPGTensor
import Foundation

extension Evaluator {
  /// The name of the file in a run's model folder.
  static let fileName = "evaluator.safetensors"
  private static let metadataKey = "evaluator"
  /// What version 0.1.0 wrote.
  private static let formerFileName = "judge.safetensors", formerMetadataKey = "judge"

  /// Reads an evaluator.
  ///
  /// - Parameter path: its file, or the folder that holds it.
  /// - Throws: where it cannot be read, or is none.
  public static func load(_ path: String) throws -> Evaluator {
    var isFolder: ObjCBool = false
    var file = path
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      let former = "\(path)/\(formerFileName)"
      file = FileManager.default.fileExists(atPath: former) ? former : "\(path)/\(fileName)"
    }
    let checkpoint = try Checkpoint.open(file)
    guard let text = checkpoint.metadata[metadataKey] ?? checkpoint.metadata[formerMetadataKey],
      let settings = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    else {
      throw CheckpointError.malformed(
        path: file, found: "no sizes of an evaluator", expected: "a file made by `arpg train evaluator`")
    }
    let configuration: EvaluatorConfiguration
    do {
      configuration = try settings.decode()
      try configuration.validate()
    } catch let error as ConfigurationError {
      throw CheckpointError.malformed(path: file, found: "\(error)", expected: "a file made by `arpg train evaluator`")
    }
    return try load(configuration, from: checkpoint)
  }

  /// Writes an evaluator's file.
  static func write(_ parameters: [String: Tensor], _ configuration: EvaluatorConfiguration, to path: String) throws {
    let text = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    var writer = SafetensorsWriter(metadata: [metadataKey: text])
    for entry in parameterTable(configuration) {
      if let tensor = parameters[entry.name] { writer.add(entry.name, tensor) }
    }
    try writer.write(to: path)
  }
}
