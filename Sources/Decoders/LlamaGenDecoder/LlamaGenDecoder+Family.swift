import ARPG

/// The family of LlamaGen.
extension LlamaGenDecoder {
  /// `llamagen`.
  public static let architecture = "llamagen"
  /// What it is.
  public static let summary = "LlamaGen: causal, raster order"

  /// Adds the family to the registries.
  public static func register(in registries: inout Registries) throws(RegistryError) {
    try registries.decoders.register(LlamaGenDecoder.self)
  }

  /// Those of the class table; none where a text stands in front.
  public static func classRows(of configuration: LlamaGenConfiguration) -> (tensor: String, first: Int)? {
    configuration.text == nil ? ("cls_embedding.embedding_table.weight", 0) : nil
  }

  /// Whether there are layers with fused inputs, and nothing of what others have built on LlamaGen.
  public static func recognizes(_ source: any ParameterSource) -> Bool {
    source.shape(of: "layers.0.attention.wqkv.weight") != nil && source.shape(of: "pos_instruct_embeddings") == nil
      && !source.names.contains { $0.hasPrefix("condition_mlp.") }
  }

  /// Tables and caches that published files may hold besides.
  public static func ignores(_ name: String) -> Bool { name == "freqs_cis" || name.contains(".kv_cache.") }

  /// The sizes of a checkpoint; the grid comes from the file's name or from the hints.
  public static func configuration(
    of source: any ParameterSource, _ hints: DecoderHints
  ) throws(ConfigurationError) -> LlamaGenConfiguration {
    try LlamaGenConfiguration(inferredFrom: source, hints)
  }

  /// The settings of the published demonstrations.
  public static func suggestedSettings(for configuration: LlamaGenConfiguration) -> SamplingSettings {
    var settings = SamplingSettings()
    settings.schedule = .single
    settings.steps = configuration.sizes.tokens
    settings.guidance = configuration.text == nil ? 4 : 7.5
    settings.topK = configuration.text == nil ? 2000 : 1000
    return settings
  }

  /// No guidance for scales of 1 and below; a changing scale counts all codes before the step.
  public static let guidance = GuidanceConvention(countsOwnStep: false, countsKnownCodes: true, isOffBelowOne: true)
  /// One code a step.
  public static let schedules = [Schedule.single]
}
