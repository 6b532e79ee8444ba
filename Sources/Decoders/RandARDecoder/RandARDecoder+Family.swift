import ARPG
import LlamaGenDecoder

/// The family of RandAR.
extension RandARDecoder {
  /// `randar`.
  public static let architecture = "randar"
  /// What it is.
  public static let summary = "RandAR: causal, any order by position instructions"

  /// Adds the family to the registries.
  public static func register(in registries: inout Registries) throws(RegistryError) {
    try registries.decoders.register(RandARDecoder.self)
  }

  /// Those of the class table.
  public static func classRows(of configuration: RandARConfiguration) -> (tensor: String, first: Int)? {
    ("cls_embedding.embedding_table.weight", 0)
  }

  /// Whether there is a position instruction.
  public static func recognizes(_ source: any ParameterSource) -> Bool {
    source.shape(of: "pos_instruct_embeddings") != nil
  }

  /// The sizes of a checkpoint; the grid is the published 16 x 16 unless the hints say otherwise.
  ///
  /// - Throws: also for the checkpoints whose codes are those of MaskGIT's tokenizer, which is another network.
  public static func configuration(
    of source: any ParameterSource, _ hints: DecoderHints
  ) throws(ConfigurationError) -> RandARConfiguration {
    let sizes = try CausalSizes(inferredFrom: source, of: "RandAR", hints, grid: hints.grid ?? 16)
    guard sizes.vocab != 1024 else {
      throw .notInferable(
        source: source.sourceName, found: "its 1024 codes are those of MaskGIT's tokenizer, which is not supported",
        remedy: "give one of the checkpoints with llamagen in their names, which have 16384 codes")
    }
    let configuration = RandARConfiguration(sizes)
    try configuration.validate()
    return configuration
  }

  /// The settings with which the authors report the best FID.
  public static func suggestedSettings(for configuration: RandARConfiguration) -> SamplingSettings {
    var settings = SamplingSettings()
    settings.schedule = RandARSchedule.name
    settings.steps = 88
    settings.guidance = configuration.sizes.dim == 1024 ? 3.4 : 4
    settings.guidanceSchedule = .linear
    settings.guidanceStart = 1
    return settings
  }

  /// No guidance for scales of 1 and below; known codes count, those of the step do not.
  public static let guidance = GuidanceConvention(countsOwnStep: false, countsKnownCodes: true, isOffBelowOne: true)
  /// The published one, ARPG's and MaskGIT's.
  public static let schedules = [RandARSchedule.schedule, .arccos, .cosine, .single]
}
