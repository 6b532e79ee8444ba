import ARPGFiles
import ARPGTensor

/// A file that holds one tensor of floating-point numbers: a `.npy` array, or a checkpoint with a single tensor.
public enum TensorFile {
  /// Reads the tensor. Its content tells what kind the file is, not its name.
  ///
  /// - Throws: ``/ARPGFiles/FileError``, ``NPYError`` or ``CheckpointError``; also where a value is not finite.
  public static func read(_ path: String) throws -> Tensor {
    let file = try MappedFile(path)
    guard file.withBytes({ $0.starts(with: NPYHeader.magic) }) else {
      let checkpoint = try Checkpoint.open(path)
      guard checkpoint.names.count == 1 else {
        throw CheckpointError.unsupported(
          path: path, found: "it holds \(checkpoint.names.count) tensors",
          remedy: "give a file with one, or a .npy array")
      }
      return try checkpoint.tensor(named: checkpoint.names[0])
    }
    return try array(file)
  }

  /// Reads the tensor of the bytes of a `.npy` file.
  ///
  /// - Parameters:
  ///   - bytes: those of the whole file.
  ///   - name: what errors call them.
  /// - Throws: ``NPYError``; also where a value is not finite.
  public static func read(_ bytes: [UInt8], named name: String) throws -> Tensor {
    try array(MappedFile(copying: bytes, named: name))
  }

  private static func array(_ file: MappedFile) throws -> Tensor {
    let tensor = try file.withBytes { try NPYHeader($0, path: file.path, types: .floats).tensor }.tensor(from: file)
    guard tensor.isFinite else {
      throw NPYError(path: file.path, found: "values that are infinite or not a number", expected: "finite ones")
    }
    return tensor
  }
}
