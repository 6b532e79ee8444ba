/// A checkpoint that cannot be used, or not be written.
public enum CheckpointError: Error, CustomStringConvertible, Equatable {
  /// The file is not a whole, well-formed checkpoint.
  case malformed(path: String, found: String, expected: String)
  /// The file is well-formed, but of a kind that is not read.
  case unsupported(path: String, found: String, remedy: String)
  /// A pickle names something that no checkpoint of weights needs, and that could do harm where it is called.
  case refusedGlobal(path: String, global: String)
  /// A tensor has a value that is not a number or infinite, or becomes infinite in the type asked for.
  case notFinite(path: String, tensor: String, remedy: String)
  /// A tensor holds bytes that are numbers only with a scale.
  case quantized(path: String, tensor: String, type: String)
  /// There is no tensor of that name.
  case noSuchTensor(path: String, tensor: String)
  /// A tensor is of another type than asked for.
  case wrongType(path: String, tensor: String, found: ScalarType, expected: String)

  /// The file, what is wrong with it, and what to do.
  public var description: String {
    switch self {
    case .malformed(let path, let found, let expected):
      "\(path): \(found), expected \(expected); the file is damaged, cut off or no checkpoint: fetch or save it again"
    case .unsupported(let path, let found, let remedy): "\(path): \(found); \(remedy)"
    case .refusedGlobal(let path, let global):
      "\(path): its pickle names \(global), which is not part of any tensor and could run code; "
        + "trust it only elsewhere, and save its state_dict() alone or as safetensors"
    case .notFinite(let path, let tensor, let remedy):
      "\(path): the tensor \(tensor) has a value that is not finite; \(remedy)"
    case .quantized(let path, let tensor, let type):
      "\(path): the tensor \(tensor) is of type \(type), expected floats: quantized weights are not read; "
        + "give the weights as they were before quantization"
    case .noSuchTensor(let path, let tensor): "\(path): the tensor \(tensor) is missing"
    case .wrongType(let path, let tensor, let found, let expected):
      "\(path): the tensor \(tensor) is of type \(found.rawValue), expected \(expected)"
    }
  }
}
