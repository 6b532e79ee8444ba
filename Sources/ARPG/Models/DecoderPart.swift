import ARPGTensor

/// A decoder of a family and some sizes, whose weights may still be in a file.
public struct DecoderPart: Sendable {
  /// The name of the safetensors file in a model's folder.
  public var file = "decoder.safetensors"
  /// Its family.
  public let family: any ImageDecoder.Type
  /// Its sizes.
  public let configuration: any ImageDecoderConfiguration
  /// The settings that it is sampled with unless told otherwise.
  public let suggestedSettings: SamplingSettings
  private let table: @Sendable () -> [ParameterSpecification]
  private let bind: @Sendable ([String: Tensor]) -> any ImageDecoder
  private let loading: @Sendable (any ParameterSource, WeightPrecision?) throws -> any ImageDecoder
  private let initial: @Sendable (_ seed: UInt64) -> [String: Tensor]
  private let classRows: @Sendable () -> (tensor: String, first: Int)?

  /// A decoder of a family.
  public init<Family: ImageDecoder>(_ family: Family.Type, _ configuration: Family.Configuration) {
    self.family = family
    self.configuration = configuration
    suggestedSettings = Family.suggestedSettings(for: configuration)
    table = { Family.parameterTable(configuration) }
    bind = { Family(configuration, ParameterReader(tensors: $0)) }
    loading = { try Family.load(configuration, from: $0, precision: $1) }
    initial = { Family.initialParameters(configuration, seed: $0) }
    classRows = { Family.classRows(of: configuration) }
  }

  /// A decoder of a family by its name.
  ///
  /// - Parameters:
  ///   - architecture: the name of the family; nil for that of descriptions which name none.
  ///   - sizes: what a description or a recipe says of it; only the family knows what that means.
  ///   - registry: the families that there are.
  /// - Throws: ``RegistryError`` for a family that the program does not have; where the sizes cannot be read.
  public init(_ architecture: String?, sizes: JSONValue, in registry: DecoderRegistry) throws {
    self = try Self.read(registry.family(named: architecture), sizes)
  }

  private static func read<Family: ImageDecoder>(_ family: Family.Type, _ sizes: JSONValue) throws -> DecoderPart {
    let configuration: Family.Configuration = try sizes.decode()
    try configuration.validate()
    return DecoderPart(family, configuration)
  }

  /// A decoder of what a checkpoint's tensors tell.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError`` where the tensors are of no known family, or do not tell enough.
  public init(
    inferredFrom source: any ParameterSource, _ hints: DecoderHints = DecoderHints(), in registry: DecoderRegistry
  ) throws {
    func infer<Family: ImageDecoder>(_ family: Family.Type) throws(ConfigurationError) -> DecoderPart {
      DecoderPart(family, try family.configuration(of: source, hints))
    }
    guard let family = registry.family(of: source) else {
      throw ConfigurationError.notInferable(
        source: source.sourceName, found: "its tensors are those of no decoder that is known",
        remedy:
          "expected one of \(registry.families.map { "\($0.architecture) (\($0.summary))" }.joined(separator: ", "))")
    }
    self = try infer(family)
  }

  /// What the rest of the program needs to know.
  public var layout: DecoderLayout { configuration.layout }

  /// The declaration of every tensor.
  public var parameterTable: [ParameterSpecification] { table() }

  /// Checks every name and shape of a source.
  ///
  /// - Throws: ``/ARPGCheckpoints/ParameterError``.
  public func check(_ source: any ParameterSource) throws {
    try ParameterError.check(source, against: parameterTable, ignoring: family.ignores)
  }

  /// Checks every name and shape of a source, then reads the weights.
  ///
  /// - Parameters:
  ///   - source: the weights.
  ///   - precision: of the matrices; nil for that in which they are stored.
  /// - Throws: ``/ARPGCheckpoints/ParameterError``, or what reading throws.
  public func load(_ source: any ParameterSource, precision: WeightPrecision? = nil) throws -> any ImageDecoder {
    try loading(source, precision)
  }

  /// The decoder of tensors that have been checked already; they may be tracked.
  public func decoder(of tensors: [String: Tensor]) -> any ImageDecoder { bind(tensors) }

  /// Weights before anything is trained.
  ///
  /// - Parameter seed: of the random numbers.
  public func initialParameters(seed: UInt64) -> [String: Tensor] { initial(seed) }
}

extension DecoderPart {
  /// The decoder with other classes: rows of classes that stay are kept, the others begin anew.
  ///
  /// - Parameters:
  ///   - classes: for each of the new classes, which of the present ones it is; nil for one that is new.
  ///   - tensors: of this decoder.
  ///   - seed: of the random numbers.
  /// - Returns: the decoder and its tensors; nil where the family has no rows of classes.
  public func withClasses(
    _ classes: [Int?], _ tensors: [String: Tensor], seed: UInt64
  ) throws -> (part: DecoderPart, tensors: [String: Tensor])? {
    guard let place = classRows(), let old = tensors[place.tensor],
      case .object(var sizes) = try JSONValue(encoding: configuration)
    else { return nil }
    sizes["classes"] = .number(Double(classes.count))
    var part = try Self.read(family, .object(sizes))
    part.file = file
    guard let fresh = part.initialParameters(seed: seed)[place.tensor] else { return nil }
    let width = old.shape[1], tail = old.shape[0] - place.first - layout.classes
    let kept = Array(0..<place.first) + classes.map { $0.map { place.first + $0 } ?? -1 }
    let rows = (kept + (0..<tail).map { place.first + layout.classes + $0 }).enumerated().flatMap { index, row in
      row < 0 ? fresh.values[index * width..<(index + 1) * width] : old.values[row * width..<(row + 1) * width]
    }
    var tensors = tensors
    tensors[place.tensor] = Tensor(shape: fresh.shape, values: rows)
    return (part, tensors)
  }
}

extension DecoderPart: Equatable {
  /// Whether file, family and sizes are the same.
  public static func == (one: DecoderPart, other: DecoderPart) -> Bool {
    one.file == other.file && one.family == other.family
      && AnyHashable(one.configuration) == AnyHashable(other.configuration)
  }
}
