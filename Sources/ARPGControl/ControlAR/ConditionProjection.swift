import ARPG
import ARPGTensor

/// From an encoder's tokens to condition tokens for several layers: two layers of perceptrons that are shared, then one
/// for each layer (ControlAR, arXiv 2410.02705, section 3.3).
///
/// It goes with any encoder that gives one token for each token of the decoder.
public struct ConditionProjection: Module {
  /// The sizes.
  public struct Configuration: Sendable, Hashable {
    /// The width of the encoder's tokens.
    public var width: Int
    /// The width of the condition tokens: that of the decoder.
    public var dim: Int
    /// The second-pass layers where condition tokens are added.
    public var inject: [Int]

    /// Sizes; see the properties.
    public init(width: Int, dim: Int, inject: [Int]) {
      self.width = width
      self.dim = dim
      self.inject = inject
    }
  }

  private let adapter, condition: Perceptron
  private let layers: [(layer: Int, perceptron: Perceptron)]

  /// Takes `adapter_mlp.*`, `condition_mlp.*` and `condition_layers.{i}.*`, `i` counting the layers of injection.
  public init(_ configuration: Configuration, _ parameters: ParameterReader) {
    let dim = configuration.dim
    adapter = Perceptron(inputs: configuration.width, dim: dim, parameters.scoped("adapter_mlp."))
    condition = Perceptron(inputs: dim, dim: dim, parameters.scoped("condition_mlp."))
    layers = configuration.inject.enumerated().map { index, layer in
      (layer, Perceptron(inputs: dim, dim: dim, parameters.scoped("condition_layers.\(index).")))
    }
  }

  /// Tokens `[batch, tokens, width]` to condition tokens `[batch, tokens, dim]` for each layer of injection.
  public func callAsFunction(_ tokens: Tensor) -> Condition {
    let shared = condition(adapter(tokens))
    return Condition(tokens: Dictionary(uniqueKeysWithValues: layers.map { ($0.layer, $0.perceptron(shared)) }))
  }
}

/// Two linear layers without biases, a GELU (by its tanh approximation) between them.
private struct Perceptron: Sendable {
  private let first, second: Tensor

  init(inputs: Int, dim: Int, _ parameters: ParameterReader) {
    first = parameters.tensor("fc1.weight", dim, inputs)
    second = parameters.tensor("fc2.weight", dim, dim)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x.linear(first).geluTanh().linear(second) }
}
