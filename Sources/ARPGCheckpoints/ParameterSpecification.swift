/// The name and shape that a module expects of a tensor.
public struct ParameterSpecification: Sendable, Equatable {
  /// The name in a checkpoint.
  public let name: String
  /// The length of each axis.
  public let shape: [Int]

  /// A name with a shape.
  public init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }
}
