import ARPGTensor

/// Named tensors that a model can be made from: a checkpoint file, or tensors in memory.
public protocol ParameterSource: Sendable {
  /// What to call the source in errors: usually a file's path.
  var sourceName: String { get }
  /// The names of all tensors.
  var names: [String] { get }
  /// The shape of a tensor, without reading it; nil where there is none of that name.
  func shape(of name: String) -> [Int]?
  /// Reads a tensor.
  ///
  /// - Throws: where there is none of that name, or its values are not finite.
  func tensor(named name: String) throws -> Tensor
  /// A matrix that is stored packed; nil where there is none of that name, or it is stored otherwise. By default nil.
  ///
  /// - Throws: where a value is not finite.
  func packed(named name: String) throws -> PackedMatrix?
  /// Weights in some precision of less than 32 bits: as they are stored, or packed now.
  ///
  /// - Throws: where there are none of that name, or they cannot be read.
  func packed(named name: String, as precision: WeightPrecision) throws -> PackedMatrix
}

extension ParameterSource {
  /// Nil: nothing is stored packed.
  public func packed(named name: String) throws -> PackedMatrix? { nil }

  /// As they are stored, or packed of 32-bit weights.
  public func packed(named name: String, as precision: WeightPrecision) throws -> PackedMatrix {
    if let stored = try packed(named: name), stored.precision == precision { return stored }
    return PackedMatrix(try tensor(named: name), as: precision)
  }
}

/// Named tensors in memory.
public struct ParameterSet: ParameterSource {
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// What to call them in errors.
  public let sourceName: String

  /// Tensors by name.
  public init(_ tensors: [String: Tensor], sourceName: String = "parameters in memory") {
    self.tensors = tensors
    self.sourceName = sourceName
  }

  /// The names of all tensors, sorted.
  public var names: [String] { tensors.keys.sorted() }

  /// The shape of a tensor; nil where there is none of that name.
  public func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  /// A tensor by its name.
  public func tensor(named name: String) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw ParameterError(source: sourceName, missing: [.init(name: name, shape: [])])
    }
    return tensor
  }
}
