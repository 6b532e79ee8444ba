import Foundation

extension ModelFolder {
  /// Writes a copy of the model of half the size: matrices and kernels in half precision, vectors as they are.
  ///
  /// - Parameters:
  ///   - path: the folder to write, made where there is none.
  ///   - observe: is told of each file before it is written; what it throws ends the work.
  /// - Returns: the copy.
  /// - Throws: where a file cannot be read or written, or a value does not fit half precision.
  public func writeHalfPrecision(to path: String, observe: (String) throws -> Void = { _ in }) throws -> ModelFolder {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError.unwritable(path: path, reason: "the folder cannot be made: \(error.localizedDescription)")
    }
    for file in description.files.sorted() {
      try observe(file)
      let checkpoint = try Checkpoint.open(self.path(of: file))
      var writer = SafetensorsWriter()
      for name in checkpoint.names {
        guard let shape = checkpoint.shape(of: name) else { continue }
        writer.add(name, shape: shape, as: shape.count > 1 ? .float16 : .float32) { try checkpoint.tensor(named: name) }
      }
      try writer.write(to: "\(path)/\(file)")
    }
    try ModelFolder.write(description, to: path)
    return try ModelFolder.read(path)
  }
}
