import ARPGCheckpoints
import ARPGTensor

/// Root-mean-square normalisation of rows, `[..., dim]`.
///
/// Source: Zhang and Sennrich, arXiv 1910.07467.
public struct RMSNorm: Sendable {
  /// `weight`, `[dim]`.
  public let gain: Tensor
  private let eps: Float

  /// Takes `weight`, which begins with 1.
  public init(_ dim: Int, eps: Float, _ parameters: ParameterReader) {
    gain = parameters.tensor("weight", dim, initial: .ones)
    self.eps = eps
  }

  /// Normalises; differentiable.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.rmsNorm(gain: gain, eps: eps) }
}

/// Layer normalisation of rows, `[..., dim]`.
///
/// Source: Ba, Kiros and Hinton, arXiv 1607.06450.
public struct LayerNorm: Sendable {
  private let gain, bias: Tensor
  private let eps: Float

  /// Takes `weight`, which begins with 1, and `bias`, which begins with 0.
  public init(_ dim: Int, eps: Float, _ parameters: ParameterReader) {
    gain = parameters.tensor("weight", dim, initial: .ones)
    bias = parameters.tensor("bias", dim, initial: .zeros)
    self.eps = eps
  }

  /// Normalises; differentiable.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.layerNorm(gain: gain, bias: bias, eps: eps) }
}

/// Normalisation of groups of channels over all their pixels, `[batch, channels, height, width]`.
///
/// Source: Wu and He, arXiv 1803.08494.
public struct GroupNorm: Sendable {
  private let gain, bias: Tensor
  private let groups: Int
  private let eps: Float

  /// Takes `weight`, which begins with 1, and `bias`, which begins with 0.
  public init(_ channels: Int, groups: Int, eps: Float = 1e-6, _ parameters: ParameterReader) {
    gain = parameters.tensor("weight", channels, initial: .ones)
    bias = parameters.tensor("bias", channels, initial: .zeros)
    self.groups = groups
    self.eps = eps
  }

  /// Normalises, with SiLU behind it where asked; differentiable.
  public func callAsFunction(_ x: Tensor, silu: Bool = false) -> Tensor {
    x.groupNorm(groups: groups, gain: gain, bias: bias, eps: eps, silu: silu)
  }

  /// The same of one image for inference, applied where the image is read.
  package func normalization(of x: Pixels, silu: Bool = false) -> PixelNormalization {
    x.normalization(groups: groups, gain: gain, bias: bias, eps: eps, silu: silu)
  }
}
