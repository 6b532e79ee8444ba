import ARPGCheckpoints
import ARPGTensor

/// A linear layer, `x · wᵀ + b`: `[..., inputs]` to `[..., outputs]`.
public struct Linear: Sendable {
  /// `weight`, `[outputs, inputs]`.
  public let matrix: WeightMatrix
  /// `bias`, `[outputs]`, where it has one.
  public let bias: Tensor?

  /// Takes `weight` and, where asked, `bias`, which begins with 0.
  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = false, initial: InitialValues? = nil, _ parameters: ParameterReader
  ) {
    matrix = parameters.matrix("weight", outputs, inputs, initial: initial)
    self.bias = bias ? parameters.tensor("bias", outputs, initial: .zeros) : nil
  }

  /// The weights with 32 bits each; those of a packed matrix are computed.
  public var weight: Tensor { matrix.tensor }

  /// Applies the layer; differentiable where its weights are not packed.
  public func callAsFunction(_ x: Tensor) -> Tensor { Self.apply([self], to: x)[0] }

  /// Applies several layers to one input, in one pass over the cores.
  public static func apply(_ layers: [Linear], to x: Tensor) -> [Tensor] {
    zip(x.linear(layers.map(\.matrix)), layers).map { product, layer in
      layer.bias.map { product.addingToRows($0) } ?? product
    }
  }
}
