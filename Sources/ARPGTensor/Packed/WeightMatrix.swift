/// A matrix of weights, `[outputs, inputs]`: 32-bit floats, which may be trained, or packed to less.
public enum WeightMatrix: Sendable {
  /// 32-bit floats.
  case full(Tensor)
  /// Less than that.
  case packed(PackedMatrix)

  /// How the weights are kept.
  public var precision: WeightPrecision {
    switch self {
    case .full: .float32
    case .packed(let matrix): matrix.precision
    }
  }

  /// `[outputs, inputs]`.
  public var shape: [Int] {
    switch self {
    case .full(let tensor): tensor.shape
    case .packed(let matrix): [matrix.outputs, matrix.inputs]
    }
  }

  /// Some rows of the matrix; where panels of a packed one do not begin and end there, with 32 bits a weight.
  public func slice(_ rows: Range<Int>) -> WeightMatrix {
    guard case .packed(let matrix) = self, let part = matrix.slice(rows) else { return .full(tensor.slice(rows)) }
    return .packed(part)
  }

  /// The weights with 32 bits each; those of a packed matrix are computed.
  public var tensor: Tensor {
    switch self {
    case .full(let tensor): tensor
    case .packed(let matrix): matrix.tensor
    }
  }
}
