import ARPGCheckpoints
import ARPGTensor

/// A part of a model that is made from named tensors.
///
/// Its initialiser is the one place that says which names, shapes and initial values it needs: run over a reader that only
/// takes notes, it gives the table that files are checked against and that new parameters are made from.
public protocol Module: Sendable {
  /// What decides the names and shapes.
  associatedtype Configuration

  /// Takes the tensors it needs. Must not look at their values or shapes: it also runs to find out which they are.
  init(_ configuration: Configuration, _ parameters: ParameterReader)

  /// Whether a tensor that the module does not need may stand in a file all the same. By default, no.
  static func ignores(_ name: String) -> Bool
}

extension Module {
  /// No: every tensor of a file must be one that the module needs.
  public static func ignores(_ name: String) -> Bool { false }

  /// The declaration of every tensor, in the order of the initialiser.
  public static func parameterTable(_ configuration: Configuration) -> [ParameterSpecification] {
    let notes = ParameterReader.Notes()
    _ = Self(configuration, ParameterReader(notes: notes))
    return notes.table
  }

  /// Checks every name and shape of a source, then reads the tensors.
  ///
  /// - Parameters:
  ///   - configuration: what decides the names and shapes.
  ///   - source: the tensors.
  ///   - precision: of the weights of linear layers and convolutions; those that are not of 32 bits are packed one after another as they are
  ///     read, and have no gradients. Nil for that in which they are stored.
  /// - Throws: ``/ARPGCheckpoints/ParameterError``, which lists all tensors that are missing, unknown or of another shape.
  public static func load(
    _ configuration: Configuration, from source: any ParameterSource, precision: WeightPrecision? = nil
  )
    throws -> Self
  {
    let table = parameterTable(configuration)
    try ParameterError.check(source, against: table, ignoring: Self.ignores)
    var tensors: [String: Tensor] = [:], packed: [String: PackedMatrix] = [:]
    for entry in table {
      if let precision, precision != .float32, entry.isPackable {
        packed[entry.name] = try source.packed(named: entry.name, as: precision)
      } else if precision == nil, entry.isPackable, let stored = try source.packed(named: entry.name) {
        packed[entry.name] = stored
      } else {
        tensors[entry.name] = try source.tensor(named: entry.name)
      }
    }
    return Self(configuration, ParameterReader(tensors: tensors, packed: packed))
  }

  /// Parameters before anything is trained, as they are declared.
  ///
  /// - Parameters:
  ///   - configuration: what decides the names and shapes.
  ///   - seed: of the random numbers.
  ///   - purpose: of the random numbers; modules of one seed that are trained together have different ones.
  public static func initialParameters(
    _ configuration: Configuration, seed: UInt64, purpose: RandomPurpose = .initialization
  ) -> [String: Tensor] {
    let generator = Philox(seed: seed)
    var tensors: [String: Tensor] = [:]
    for (number, entry) in parameterTable(configuration).enumerated() {
      tensors[entry.name] = entry.initialTensor(generator, number: number, purpose: purpose)
    }
    return tensors
  }
}

extension ParameterSpecification {
  /// The parameter before anything is trained; its random numbers belong to its place in the table.
  fileprivate func initialTensor(_ generator: Philox, number: Int, purpose: RandomPurpose) -> Tensor {
    func normal(_ deviation: Float) -> Tensor {
      generator.normalTensor(shape: shape, deviation: deviation, number: number, purpose: purpose)
    }
    switch initial {
    case .zeros: return Tensor(shape: shape, repeating: 0)
    case .ones: return Tensor(shape: shape, repeating: 1)
    case .normal(let deviation): return normal(deviation)
    case .scaledNormal(let gain): return normal(gain / Float(shape.dropFirst().reduce(1, *)).squareRoot())
    case .unitRows: return normal(1).normalizedRows()
    }
  }
}
