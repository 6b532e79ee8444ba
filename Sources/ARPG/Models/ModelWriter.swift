import ARPGTensor
import Foundation

/// Writes a model's folder: all files beside it first, then each to its place, the description last. Where anything fails,
/// the folder is as it was.
///
/// An existing folder keeps the files that are not written.
public struct ModelWriter {
  /// What `model.json` will say.
  public var description: ModelDescription
  private var files: [(name: String, write: (_ path: String) throws -> Void)] = []

  /// A writer of a model without files yet.
  public init(_ description: ModelDescription) {
    self.description = description
  }

  /// Adds a file of tensors, in the order of their names, and texts beside them.
  public mutating func add(_ file: String, _ tensors: [String: Tensor], metadata: [String: String] = [:]) {
    add(file) { path in
      var writer = SafetensorsWriter(metadata: metadata)
      for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) { writer.add(name, tensor) }
      try writer.write(to: path)
    }
  }

  /// Adds a file of a checkpoint's tensors.
  ///
  /// - Parameters:
  ///   - file: its name in the folder.
  ///   - checkpoint: the tensors.
  ///   - ignored: which of them are left out.
  ///   - metadata: texts beside them.
  ///   - type: of which kind the values of a tensor are written; its own kind and shape are given.
  public mutating func add(
    _ file: String, of checkpoint: Checkpoint, ignoring ignored: @escaping (String) -> Bool = { _ in false },
    metadata: [String: String] = [:], as type: @escaping (_ own: ScalarType, _ shape: [Int]) -> ScalarType
  ) {
    add(file) { path in
      var writer = SafetensorsWriter(metadata: metadata)
      writer.add(checkpoint, ignoring: ignored, as: type)
      try writer.write(to: path)
    }
  }

  /// Adds a copy of a file.
  public mutating func add(_ file: String, copyOf source: String) {
    add(file) { path in try AtomicFile.copy(source, to: path) }
  }

  /// Adds a file that is written when the model is.
  mutating func add(_ file: String, _ write: @escaping (_ path: String) throws -> Void) {
    files.append((file, write))
  }

  /// Writes the model.
  ///
  /// - Parameters:
  ///   - path: the folder, made where there is none.
  ///   - progress: is told of each file before it is written; what it throws ends the work.
  /// - Throws: ``ModelFolderError`` where the description is not as it should be; where a file cannot be read or written.
  @discardableResult
  public func write(to path: String, progress: (String) throws -> Void = { _ in }) throws -> ModelFolder {
    let description = description, name = ModelFolder.descriptionName
    do { try description.validate() } catch {
      throw ModelFolderError.broken(path: ModelFolder.place(name, in: path), reason: "\(error)")
    }
    try ModelFolder.checkNames(description, in: path)
    let staging = "\(path.hasSuffix("/") ? String(path.dropLast()) : path).\(getpid()).part"
    try Folder.make(staging)
    defer { try? FileManager.default.removeItem(atPath: staging) }
    for file in files {
      try progress(file.name)
      try Folder.make(URL(fileURLWithPath: "\(staging)/\(file.name)").deletingLastPathComponent().path)
      try file.write("\(staging)/\(file.name)")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(description) + [UInt8(ascii: "\n")], to: "\(staging)/\(name)")
    try Folder.make(path)
    try Self.move(files.map(\.name) + [name], from: staging, to: path)
    return ModelFolder(path: path, description: description)
  }

  /// Moves files to their places; where one cannot be moved, those before it are put back.
  private static func move(_ names: [String], from staging: String, to path: String) throws {
    var undo: [() -> Void] = []
    do {
      for (number, name) in names.enumerated() {
        let target = ModelFolder.place(name, in: path), old = "\(staging)/old-\(number)"
        try Folder.make(URL(fileURLWithPath: target).deletingLastPathComponent().path)
        var status = stat()
        if lstat(target, &status) == 0 {
          guard status.st_mode & S_IFMT != S_IFDIR else {
            throw FileError.unwritable(path: target, reason: "it is a folder")
          }
          try rename(target, to: old, reporting: target)
          undo.append { _ = Foundation.rename(old, target) }
        } else {
          undo.append { unlink(target) }
        }
        try rename("\(staging)/\(name)", to: target, reporting: target)
      }
    } catch {
      for step in undo.reversed() { step() }
      throw error
    }
  }

  private static func rename(_ source: String, to target: String, reporting path: String) throws(FileError) {
    guard Foundation.rename(source, target) == 0 else {
      throw .unwritable(path: path, reason: FileError.systemReason)
    }
  }
}
