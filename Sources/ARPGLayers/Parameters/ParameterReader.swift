import ARPGCheckpoints
import ARPGTensor

/// Hands a module its tensors by name, or takes notes of what it asks for.
public struct ParameterReader {
  final class Notes {
    var table: [ParameterSpecification] = []
  }

  private let tensors: [String: Tensor]
  private let packed: [String: PackedMatrix]
  private let notes: Notes?
  private var prefix = ""
  private var initialWeights = InitialValues.scaledNormal()

  init(notes: Notes) {
    (tensors, packed) = ([:], [:])
    self.notes = notes
  }

  /// A reader of tensors that have been checked already.
  ///
  /// - Parameters:
  ///   - tensors: by name.
  ///   - packed: matrices with less than 32 bits a weight, in the place of tensors.
  public init(tensors: [String: Tensor], packed: [String: PackedMatrix] = [:]) {
    self.tensors = tensors
    self.packed = packed
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
    reader.initialWeights = weights
    return reader
  }

  /// Declares a matrix that rows are multiplied with, `[outputs, inputs]`, and takes it: packed where it is. Traps as
  /// ``tensor(_:_:initial:)`` does.
  public func matrix(_ name: String, _ outputs: Int, _ inputs: Int, initial: InitialValues? = nil) -> WeightMatrix {
    weights(name, [outputs, inputs], initial: initial, use: .rows)
  }

  /// Declares the weights of a convolution, `[outputs, inputs, size, size]`, and takes them: packed as a matrix where they are. Traps as
  /// ``tensor(_:_:initial:)`` does.
  public func kernel(
    _ name: String, _ outputs: Int, _ inputs: Int, size: Int, initial: InitialValues? = nil
  ) -> WeightMatrix {
    weights(name, [outputs, inputs, size, size], initial: initial, use: .pixels)
  }

  private func weights(
    _ name: String, _ shape: [Int], initial: InitialValues?, use: ParameterSpecification.Use
  ) -> WeightMatrix {
    guard let matrix = packed[prefix + name] else {
      return .full(declare(name, shape, initial: initial, use: use))
    }
    precondition(
      matrix.outputs == shape[0] && matrix.inputs == shape.dropFirst().reduce(1, *),
      "\(prefix + name) has the shape [\(matrix.outputs), \(matrix.inputs)], which is none of \(shape)")
    return .packed(matrix)
  }

  /// Declares a tensor and takes it. Traps where it has not been checked and is missing, or of another shape.
  ///
  /// - Parameters:
  ///   - name: behind the reader's prefix.
  ///   - shape: the length of each axis.
  ///   - initial: what it holds before anything is trained; nil for what ``initializing(_:)`` says.
  public func tensor(_ name: String, _ shape: Int..., initial: InitialValues? = nil) -> Tensor {
    declare(name, shape, initial: initial, use: .other)
  }

  private func declare(
    _ name: String, _ shape: [Int], initial: InitialValues?, use: ParameterSpecification.Use
  ) -> Tensor {
    let name = prefix + name
    if let notes {
      notes.table.append(
        ParameterSpecification(name: name, shape: shape, initial: initial ?? initialWeights, use: use))
      return Tensor(shape: [0], values: [])
    }
    guard let tensor = tensors[name] else { preconditionFailure("the tensor \(name) was not in the table") }
    precondition(tensor.shape == shape, "\(name) has the shape \(tensor.shape), not \(shape)")
    return tensor
  }
}
