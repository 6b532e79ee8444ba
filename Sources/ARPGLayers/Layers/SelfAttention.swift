import ARPGCheckpoints
import ARPGTensor

/// Multi-head self-attention: `[batch, n, dim]` to `[batch, n, dim]`.
///
/// Source: Vaswani et al., arXiv 1706.03762, section 3.2.
public struct SelfAttention: Sendable {
  /// What the linear layers are called.
  public struct Names: Sendable {
    /// The layers of queries, keys and values, or one whose matrix holds all three, one below the other.
    public enum Inputs: Sendable {
      case separate(query: String, key: String, value: String)
      case fused(String)
    }

    /// Of queries, keys and values.
    public var inputs: Inputs
    /// Behind the attention.
    public var output: String

    /// Names; see the properties.
    public init(_ inputs: Inputs, output: String) {
      self.inputs = inputs
      self.output = output
    }
  }

  /// How queries and keys turn with their positions.
  public struct Rotation: Sendable {
    /// The angles.
    public let table: RotaryTable
    /// A row of the table for each token: as many as there are tokens, shared by the batch, or one for each of each row.
    public let positions: [Int]

    /// A rotation; see the properties.
    public init(_ table: RotaryTable, at positions: [Int]) {
      self.table = table
      self.positions = positions
    }

    /// Turns every head of `[batch, n, dim]`.
    public func callAsFunction(_ x: Tensor) -> Tensor { table.rotate(x, at: positions) }
  }

  private enum InputLayers {
    case separate([Linear])
    case fused(Linear)
  }

  private let inputs: InputLayers
  private let output: Linear
  private let heads: Int

  /// Takes the tensors of its linear layers.
  ///
  /// - Parameters:
  ///   - dim: the width.
  ///   - heads: how many heads share it.
  ///   - bias: whether the layers have biases.
  ///   - names: what the layers are called.
  ///   - parameters: the tensors.
  public init(_ dim: Int, heads: Int, bias: Bool = false, names: Names, _ parameters: ParameterReader) {
    func layer(_ name: String, _ outputs: Int) -> Linear {
      Linear(dim, outputs, bias: bias, parameters.scoped(name + "."))
    }
    switch names.inputs {
    case .separate(let query, let key, let value):
      inputs = .separate([layer(query, dim), layer(key, dim), layer(value, dim)])
    case .fused(let name): inputs = .fused(layer(name, 3 * dim))
    }
    output = layer(names.output, dim)
    self.heads = heads
  }

  /// Attends; differentiable.
  ///
  /// - Parameters:
  ///   - x: the tokens, `[batch, n, dim]`.
  ///   - causal: whether a token sees only those before it and itself. Where `remember` gives more keys than there are
  ///     tokens, the tokens are the last of them.
  ///   - rotation: how queries and keys turn; nil where they do not.
  ///   - remember: adds the new keys and values to those of earlier tokens, and gives all of them.
  public func callAsFunction(
    _ x: Tensor, causal: Bool = false, rotation: Rotation? = nil,
    remember: (KeyValues) -> KeyValues = { $0 }
  ) -> Tensor {
    let parts = queriesKeysValues(x)
    let turned = rotation.map { rotate in parts[..<2].map { rotate($0) } } ?? Array(parts[..<2])
    let context = remember(KeyValues(keys: turned[1], values: parts[2]))
    return output(turned[0].attend(context, heads: heads, causal: causal))
  }

  private func queriesKeysValues(_ x: Tensor) -> [Tensor] {
    switch inputs {
    case .separate(let layers): return Linear.apply(layers, to: x)
    case .fused(let layer):
      let dim = layer.matrix.shape[1]
      let products = x.linear((0..<3).map { layer.matrix.slice($0 * dim..<($0 + 1) * dim) })
      guard let bias = layer.bias else { return products }
      return products.enumerated().map { $1.addingToRows(bias.slice($0 * dim..<($0 + 1) * dim)) }
    }
  }
}
