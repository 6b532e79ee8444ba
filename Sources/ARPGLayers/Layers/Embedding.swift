import ARPGCheckpoints
import ARPGTensor

/// A table with a vector for each of a number of things.
public struct Embedding: Sendable {
  /// `weight`, `[rows, dim]`.
  public let weight: Tensor

  /// Takes `weight`.
  public init(rows: Int, dim: Int, initial: InitialValues? = nil, _ parameters: ParameterReader) {
    weight = parameters.tensor("weight", rows, dim, initial: initial)
  }

  /// The vectors of some rows, `[indices, dim]`; differentiable. Traps on a row that the table does not have.
  public func callAsFunction(_ indices: [Int]) -> Tensor { weight.selectingRows(indices) }
}
