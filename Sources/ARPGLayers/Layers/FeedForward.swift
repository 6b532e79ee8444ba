import ARPGCheckpoints
import ARPGTensor

/// SwiGLU: `w2(silu(w1 x) · w3 x)`, `[..., dim]` to `[..., dim]`, without biases.
///
/// Source: Shazeer, arXiv 2002.05202.
public struct SwiGLU: Sendable {
  private let gate, up, down: Linear

  /// The inner width of the published decoders: two thirds of four times a width, rounded up to a multiple of 256.
  public static func publishedInner(_ dim: Int) -> Int {
    let (eightfold, overflow) = dim.multipliedReportingOverflow(by: 8)
    return overflow ? dim : (eightfold / 3 + 255) / 256 * 256
  }

  /// Takes `w1.weight`, `w3.weight` and `w2.weight`.
  public init(_ dim: Int, inner: Int, _ parameters: ParameterReader) {
    gate = Linear(dim, inner, parameters.scoped("w1."))
    up = Linear(dim, inner, parameters.scoped("w3."))
    down = Linear(inner, dim, parameters.scoped("w2."))
  }

  /// Applies the layer; differentiable.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let parts = Linear.apply([gate, up], to: x)
    return down(parts[0].siluMultiply(parts[1]))
  }
}

/// Two linear layers with an activation between: `[..., inputs]` to `[..., outputs]`.
public struct MLP: Sendable {
  /// What stands between the layers.
  public enum Activation: Sendable {
    case gelu
    /// GELU by its tanh approximation.
    case geluTanh
    case relu
    case silu
  }

  private let first, second: Linear
  private let activation: Activation

  /// Takes the tensors of two linear layers, by default `fc1.*` and `fc2.*`.
  ///
  /// - Parameters:
  ///   - inputs: the width of a row.
  ///   - inner: the width between the layers.
  ///   - outputs: the width of a row of the result.
  ///   - bias: whether the layers have biases.
  ///   - activation: what stands between them.
  ///   - names: what the layers are called.
  ///   - lastInitial: what the second matrix holds before anything is trained; nil for what the reader says.
  ///   - parameters: the tensors.
  public init(
    _ inputs: Int, inner: Int, _ outputs: Int, bias: Bool = false, activation: Activation = .gelu,
    names: (first: String, second: String) = ("fc1", "fc2"), lastInitial: InitialValues? = nil,
    _ parameters: ParameterReader
  ) {
    first = Linear(inputs, inner, bias: bias, parameters.scoped(names.first + "."))
    second = Linear(inner, outputs, bias: bias, initial: lastInitial, parameters.scoped(names.second + "."))
    self.activation = activation
  }

  /// Applies the layers; differentiable.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = first(x)
    switch activation {
    case .gelu: return second(y.gelu())
    case .geluTanh: return second(y.geluTanh())
    case .relu: return second(y.relu())
    case .silu: return second(y.silu())
    }
  }
}
