import ARPG
import ARPGLayers
import ARPGTensor

/// From an encoder's tokens to condition tokens for several layers: two MLPs that are shared, then one for each layer (ControlAR, arXiv 2410.02705, section 3.3).
///
/// It goes with any encoder that gives one token for each token of the decoder.
public struct ConditionProjection: Module {
  /// The sizes.
  public struct Configuration: Sendable, Hashable {
    /// The width of the encoder's tokens.
    public var width: Int
    /// The width of the condition tokens: that of the decoder.
    public var dim: Int
    /// The layers where condition tokens are added.
    public var inject: [Int]

    /// Sizes; see the properties.
    public init(width: Int, dim: Int, inject: [Int]) {
      self.width = width
      self.dim = dim
      self.inject = inject
    }
  }

  private let adapter, condition: MLP
  private let layers: [(layer: Int, mlp: MLP)]

  /// Takes `adapter_mlp.*`, `condition_mlp.*` and `condition_layers.{i}.*`, `i` counting the layers of injection.
  public init(_ configuration: Configuration, _ parameters: ParameterReader) {
    let dim = configuration.dim
    func mlp(_ inputs: Int, _ name: String, last: InitialValues? = nil) -> MLP {
      MLP(inputs, inner: dim, dim, activation: .geluTanh, lastInitial: last, parameters.scoped(name + "."))
    }
    adapter = mlp(configuration.width, "adapter_mlp")
    condition = mlp(dim, "condition_mlp")
    // A new adapter changes nothing: the last layer before each injection begins with zeros.
    layers = configuration.inject.enumerated().map { ($1, mlp(dim, "condition_layers.\($0)", last: .zeros)) }
  }

  /// Tokens `[batch, tokens, width]` to condition tokens `[batch, tokens, dim]` for each layer of injection.
  public func callAsFunction(_ tokens: Tensor) -> Condition {
    let shared = condition(adapter(tokens))
    return Condition(tokens: Dictionary(uniqueKeysWithValues: layers.map { ($0.layer, $0.mlp(shared)) }))
  }
}
