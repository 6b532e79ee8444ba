import ARPGTensor

/// What a module declares of a tensor that it needs.
public struct ParameterSpecification: Sendable, Equatable {
  /// The name in a checkpoint.
  public let name: String
  /// The length of each axis.
  public let shape: [Int]
  /// What it holds before anything is trained.
  public let initial: InitialValues
  /// What its weights are multiplied with.
  public let use: Use

  /// What weights are multiplied with.
  public enum Use: Sendable {
    /// Rows: a matrix, `[outputs, inputs]`.
    case rows
    /// Pixels and their neighbours: a kernel, `[outputs, inputs, height, width]`.
    case pixels
    /// Nothing, or something else.
    case other
  }

  /// A declaration; see the properties.
  public init(name: String, shape: [Int], initial: InitialValues = .zeros, use: Use = .other) {
    self.name = name
    self.shape = shape
    self.initial = initial
    self.use = use
  }

  /// Whether the weights can be packed.
  public var isPackable: Bool { use != .other && PackedMatrix.sizes(of: shape) != nil }
}
