import ARPGCheckpoints
import ARPGTensor

/// A part of a model that is made from named tensors.
///
/// Its initialiser is the one place that says which names and shapes it needs: run over a reader that only takes notes,
/// it gives the table that files are checked against before anything is loaded.
public protocol Module: Sendable {
  /// What decides the names and shapes.
  associatedtype Configuration

  /// Takes the tensors it needs. Must not look at their values or shapes: it also runs to find out which they are.
  init(_ configuration: Configuration, _ parameters: ParameterReader)

  /// Whether a tensor that the module does not need may stand in a file all the same.
  static func ignores(_ name: String) -> Bool
}

extension Module {
  /// None: every tensor of a file must be known.
  public static func ignores(_ name: String) -> Bool { false }

  /// The name and shape of every tensor, in the order of the initialiser.
  public static func parameterTable(_ configuration: Configuration) -> [ParameterSpecification] {
    let notes = ParameterReader.Notes()
    _ = Self(configuration, ParameterReader(notes: notes))
    return notes.table
  }

  /// Checks every name and shape of a source, then reads the tensors.
  ///
  /// - Throws: ``ParameterError``, which lists all tensors that are missing, unknown or of another shape.
  public static func load(_ configuration: Configuration, from source: any ParameterSource) throws -> Self {
    let table = parameterTable(configuration)
    try ParameterError.check(source, against: table, ignoring: Self.ignores)
    var tensors: [String: Tensor] = [:]
    for entry in table { tensors[entry.name] = try source.tensor(named: entry.name) }
    return Self(configuration, ParameterReader(tensors: tensors))
  }
}

/// Hands a module its tensors by name, or takes notes of what it asks for.
public struct ParameterReader {
  final class Notes {
    var table: [ParameterSpecification] = []
  }

  private let tensors: [String: Tensor]
  private let notes: Notes?
  private let prefix: String

  init(notes: Notes) {
    tensors = [:]
    self.notes = notes
    prefix = ""
  }

  /// A reader of tensors that have been checked already.
  public init(tensors: [String: Tensor]) {
    self.tensors = tensors
    notes = nil
    prefix = ""
  }

  private init(_ other: ParameterReader, prefix: String) {
    tensors = other.tensors
    notes = other.notes
    self.prefix = prefix
  }

  /// A reader of the tensors whose names begin with this reader's prefix and `scope`.
  public func scoped(_ scope: String) -> ParameterReader {
    ParameterReader(self, prefix: prefix + scope)
  }

  /// The tensor of a name and shape.
  public func tensor(_ name: String, _ shape: Int...) -> Tensor {
    let name = prefix + name
    if let notes {
      notes.table.append(ParameterSpecification(name: name, shape: shape))
      return Tensor(shape: [0], values: [])
    }
    guard let tensor = tensors[name] else { preconditionFailure("the tensor \(name) was not in the table") }
    precondition(tensor.shape == shape, "\(name) has the shape \(tensor.shape), not \(shape)")
    return tensor
  }
}
