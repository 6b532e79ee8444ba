extension ModelFolder {
  /// Writes a copy of the model of half the size: matrices and kernels in half precision, vectors as they are.
  ///
  /// - Parameters:
  ///   - path: the folder to write, made where there is none.
  ///   - name: the copy's name; nil for the model's.
  ///   - observe: is told of each file before it is written; what it throws ends the work.
  /// - Returns: the copy.
  /// - Throws: where a file cannot be read or written, or a value does not fit half precision.
  public func writeHalfPrecision(
    to path: String, name: String? = nil, observe: (String) throws -> Void = { _ in }
  ) throws -> ModelFolder {
    var writer = ModelWriter(description)
    if let name { writer.description.name = name }
    for file in description.files.sorted() {
      writer.add(file, of: try Checkpoint.open(self.path(of: file))) { $1.count > 1 ? .float16 : .float32 }
    }
    return try writer.write(to: path, progress: observe)
  }
}
