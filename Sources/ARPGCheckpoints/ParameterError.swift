/// The tensors of a file that are not those a model needs: all of them, not only the first.
public struct ParameterError: Error, CustomStringConvertible {
  /// A tensor of another shape than expected.
  public struct Mismatch: Sendable, Equatable {
    /// The tensor.
    public let name: String
    /// The shape it should have.
    public let expected: [Int]
    /// The shape it has.
    public let found: [Int]
  }

  /// The file, or what else the tensors come from.
  public let source: String
  /// Tensors that are needed and not there.
  public let missing: [ParameterSpecification]
  /// Tensors that are there and not known.
  public let surplus: [String]
  /// Tensors that have another shape.
  public let misshapen: [Mismatch]

  init(
    source: String, missing: [ParameterSpecification] = [], surplus: [String] = [], misshapen: [Mismatch] = []
  ) {
    self.source = source
    self.missing = missing
    self.surplus = surplus
    self.misshapen = misshapen
  }

  /// Throws where the names and shapes of a source are not those of the table.
  public static func check(
    _ source: any ParameterSource, against table: [ParameterSpecification], ignoring ignored: (String) -> Bool
  ) throws {
    let known = Set(table.map(\.name))
    let missing = table.filter { source.shape(of: $0.name) == nil }
    let surplus = source.names.filter { !known.contains($0) && !ignored($0) }.sorted()
    let misshapen = table.compactMap { entry in
      source.shape(of: entry.name).flatMap { found in
        found == entry.shape ? nil : Mismatch(name: entry.name, expected: entry.shape, found: found)
      }
    }
    guard missing.isEmpty, surplus.isEmpty, misshapen.isEmpty else {
      throw ParameterError(source: source.sourceName, missing: missing, surplus: surplus, misshapen: misshapen)
    }
  }

  /// The file, then each tensor with what was expected and found.
  public var description: String {
    let parts =
      misshapen.map { "\($0.name) has the shape \($0.found), expected \($0.expected)" }
      + missing.map { "\($0.name) \($0.shape) is missing" }
      + surplus.map { "\($0) is not a tensor of this model" }
    return "\(source): \(parts.joined(separator: "; "))"
  }
}
