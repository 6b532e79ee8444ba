import ARPGCheckpoints
import ARPGTensor

/// Hands a module its tensors by name, or takes notes of what it asks for.
public struct ParameterReader {
  final class Notes {
    var table: [ParameterSpecification] = []
  }

  private let tensors: [String: Tensor]
  private let notes: Notes?
  private var prefix = ""
  private var weights = InitialValues.scaledNormal()

  init(notes: Notes) {
    tensors = [:]
    self.notes = notes
  }

  /// A reader of tensors that have been checked already.
  public init(tensors: [String: Tensor]) {
    self.tensors = tensors
    notes = nil
  }

  /// A reader of the tensors whose names begin with this reader's prefix and `scope`.
  public func scoped(_ scope: String) -> ParameterReader {
    var reader = self
    reader.prefix += scope
    return reader
  }

  /// The same reader, whose tensors begin with these values where their declaration says nothing else; matrices and
  /// kernels of the layers do. Otherwise ``/ARPGCheckpoints/InitialValues/scaledNormal(gain:)``.
  public func initializing(_ weights: InitialValues) -> ParameterReader {
    var reader = self
    reader.weights = weights
    return reader
  }

  /// Declares a tensor and takes it. Traps where it has not been checked and is missing, or of another shape.
  ///
  /// - Parameters:
  ///   - name: behind the reader's prefix.
  ///   - shape: the length of each axis.
  ///   - initial: what it holds before anything is trained; nil for what ``initializing(_:)`` says.
  public func tensor(_ name: String, _ shape: Int..., initial: InitialValues? = nil) -> Tensor {
    let name = prefix + name
    if let notes {
      notes.table.append(ParameterSpecification(name: name, shape: shape, initial: initial ?? weights))
      return Tensor(shape: [0], values: [])
    }
    guard let tensor = tensors[name] else { preconditionFailure("the tensor \(name) was not in the table") }
    precondition(tensor.shape == shape, "\(name) has the shape \(tensor.shape), not \(shape)")
    return tensor
  }
}
