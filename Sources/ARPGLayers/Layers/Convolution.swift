import ARPGCheckpoints
import ARPGTensor

/// A convolution with square kernels of odd size that keeps the sides: `[batch, inputs, height, width]` to
/// `[batch, outputs, height, width]`, zeros around the edges.
public struct Convolution: Sendable {
  /// `[outputs, inputs, kernel, kernel]`, or packed as `[outputs, inputs * kernel * kernel]`.
  package let weight: WeightMatrix
  package let bias: Tensor
  private let shape: [Int]

  /// Takes `weight`, `[outputs, inputs, kernel, kernel]`, and `bias`, which begins with 0.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, initial: InitialValues? = nil, _ parameters: ParameterReader
  ) {
    shape = [outputs, inputs, kernel, kernel]
    weight = parameters.kernel("weight", outputs, inputs, size: kernel, initial: initial)
    bias = parameters.tensor("bias", outputs, initial: .zeros)
  }

  /// Applies the layer, with the sides halved or doubled on the way where asked; differentiable where its weights are not packed.
  public func callAsFunction(_ x: Tensor, _ resampling: Resampling = .none) -> Tensor {
    let kernels =
      switch weight {
      case .full(let tensor): tensor
      case .packed(let matrix): matrix.tensor.reshaped(shape)
      }
    return x.conv2d(kernels, bias: bias, resampling: resampling)
  }

  /// Whether ``callAsFunction(_:normalization:doubled:adding:_:)`` can be used.
  package var takesPixels: Bool { weight.precision == .float16 }

  /// Applies the layer to one image, for inference; its weights must be in half precision.
  ///
  /// - Parameters:
  ///   - x: the image.
  ///   - normalization: is applied to the image first; only with a kernel of 3.
  ///   - doubled: whether the sides are doubled first; only with a kernel of 3.
  ///   - other: is added to the result; nobody else may need it.
  ///   - memory: for the result.
  package func callAsFunction(
    _ x: Pixels, normalization: PixelNormalization? = nil, doubled: Bool = false, adding other: Pixels? = nil,
    _ memory: PixelMemory
  ) -> Pixels {
    guard case .packed(let matrix) = weight else { preconditionFailure("weights of 32 bits take no pixels") }
    guard shape[2] == 1 else {
      return x.convolved(matrix, bias: bias, normalizing: normalization, doubled: doubled, adding: other, memory)
    }
    precondition(!doubled && normalization == nil, "a kernel of 1 takes images as they are")
    return x.product(matrix, bias: bias, adding: other, memory)
  }
}
