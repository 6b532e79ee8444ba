import ARPGCheckpoints
import ARPGTensor

/// A convolution with square kernels of odd size that keeps the sides: `[batch, inputs, height, width]` to
/// `[batch, outputs, height, width]`, zeros around the edges.
public struct Convolution: Sendable {
  private let weight, bias: Tensor

  /// Takes `weight`, `[outputs, inputs, kernel, kernel]`, and `bias`, which begins with 0.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, initial: InitialValues? = nil, _ parameters: ParameterReader
  ) {
    weight = parameters.tensor("weight", outputs, inputs, kernel, kernel, initial: initial)
    bias = parameters.tensor("bias", outputs, initial: .zeros)
  }

  /// Applies the layer, with the sides halved or doubled on the way where asked; differentiable.
  public func callAsFunction(_ x: Tensor, _ resampling: Resampling = .none) -> Tensor {
    x.conv2d(weight, bias: bias, resampling: resampling)
  }
}
