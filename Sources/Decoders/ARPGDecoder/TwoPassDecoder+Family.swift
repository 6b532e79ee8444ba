import ARPG
import ARPGTensor

/// The family of ARPG.
extension TwoPassDecoder {
  /// `arpg`.
  public static let architecture = "arpg"
  /// What it is.
  public static let summary = "ARPG: two passes, any order"

  /// Adds the family to the registries; descriptions that name no architecture are of it.
  public static func register(in registries: inout Registries) throws(RegistryError) {
    try registries.decoders.register(TwoPassDecoder.self, asUnnamed: true)
  }

  /// Rows of the embeddings, behind those of the codes.
  public static func classRows(of configuration: TwoPassConfiguration) -> (tensor: String, first: Int)? {
    ("embeddings.weight", configuration.classRow(0))
  }

  /// Whether there are layers of a first pass.
  public static func recognizes(_ source: any ParameterSource) -> Bool {
    source.names.contains { $0.hasPrefix("layers.self_dec.") }
      || source.shape(of: "embeddings.weight") != nil && source.shape(of: "head.weight") != nil
  }

  /// The sizes of a checkpoint; see ``TwoPassConfiguration/init(inferredFrom:heads:classes:tokens:ropeBase:normEps:)``.
  public static func configuration(
    of source: any ParameterSource, _ hints: DecoderHints
  ) throws(ConfigurationError) -> TwoPassConfiguration {
    try TwoPassConfiguration(
      inferredFrom: source, heads: hints.heads, classes: hints.classes,
      tokens: try hints.grid.map { grid throws(ConfigurationError) in
        try ConfigurationError.require(1...256 ~= grid, "grid", grid, "1 to 256")
        return grid * grid
      })
  }

  /// The settings that the authors suggest for a published size; those of ARPG-L for any other.
  public static func suggestedSettings(for configuration: TwoPassConfiguration) -> SamplingSettings {
    var settings = SamplingSettings()
    switch configuration.dim {
    case 1280: settings.guidance = 6
    case 1536: settings.guidance = 7.5
    default: settings.guidance = 5
    }
    return settings
  }

  /// A step's own codes count, known ones do not; any scale but 1 guides.
  public static let guidance = GuidanceConvention(countsOwnStep: true, countsKnownCodes: false, isOffBelowOne: false)
  /// Nearly even steps, or small ones first.
  public static let schedules = [Schedule.arccos, .cosine]

  /// The row of no class, `[1, 1, dim]`.
  public var nullPrefix: Tensor { embed([configuration.nullClassRow]).reshaped(1, 1, configuration.dim) }

  /// The rows of classes, `[classes, 1, dim]`.
  public func prefix(ofClasses classes: [Int?]) throws(DecoderError) -> Tensor {
    var rows: [Int] = []
    for index in classes {
      if let index, !(0..<configuration.classes ~= index) {
        throw .classOutOfRange(index, classes: configuration.classes)
      }
      rows.append(index.map(configuration.classRow) ?? configuration.nullClassRow)
    }
    return embed(rows).reshaped(classes.count, 1, configuration.dim)
  }

  /// Begins to decode a batch of images.
  public func makeState(_ start: DecodingStart) -> any DecodingState { TwoPassState(self, start) }
}
