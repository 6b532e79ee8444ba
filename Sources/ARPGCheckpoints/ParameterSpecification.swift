/// What a module declares of a tensor that it needs.
public struct ParameterSpecification: Sendable, Equatable {
  /// The name in a checkpoint.
  public let name: String
  /// The length of each axis.
  public let shape: [Int]
  /// What it holds before anything is trained.
  public let initial: InitialValues
  /// Whether rows are multiplied with it, so that its weights may be packed.
  public let isMatrix: Bool

  /// A declaration; see the properties.
  public init(name: String, shape: [Int], initial: InitialValues = .zeros, isMatrix: Bool = false) {
    self.name = name
    self.shape = shape
    self.initial = initial
    self.isMatrix = isMatrix
  }
}
