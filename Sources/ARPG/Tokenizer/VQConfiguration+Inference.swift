extension VQConfiguration {
  /// Reads the sizes off the shapes of a checkpoint's tensors. What the shapes do not tell may be given.
  ///
  /// - Parameters:
  ///   - source: the checkpoint.
  ///   - groups: the groups of a group normalisation; 32 as published where that divides the channels.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what to give.
  public init(inferredFrom source: any ParameterSource, groups: Int? = nil) throws(ConfigurationError) {
    let model = "a VQ tokenizer"
    let first = try source.shape("encoder.conv_in.weight", axes: 4, of: model)
    let last = try source.shape("encoder.conv_out.weight", axes: 4, of: model)
    let codes = try source.matrix("quantize.embedding.weight", of: model)
    let (channels, inputs) = (first[0], first[1])
    let patch = Int((Double(inputs) / 3).squareRoot().rounded())
    guard channels > 0, patch > 0, 3 * patch * patch == inputs else {
      throw .notInferable(
        source: source.sourceName, found: "encoder.conv_in.weight has the shape \(first)",
        remedy: "expected [channels, 3 * patch * patch, 3, 3]")
    }
    let stages = source.run { "encoder.conv_blocks.\($0).res.0.conv1.weight" }
    var multipliers: [Int] = []
    for stage in 0..<stages {
      let name = "encoder.conv_blocks.\(stage).res.0.conv2.weight"
      let shape = try source.shape(name, axes: 4, of: model)
      guard shape[0].isMultiple(of: channels) else {
        throw .notInferable(
          source: source.sourceName, found: "\(name) has the shape \(shape)",
          remedy: "expected a multiple of the \(channels) channels of encoder.conv_in")
      }
      multipliers.append(shape[0] / channels)
    }
    if groups == nil, !channels.isMultiple(of: 32) {
      throw .notInferable(
        source: source.sourceName,
        found: "the groups of its normalisations are unknown, since 32 does not divide its \(channels) channels",
        remedy: "give groups")
    }
    self.init(
      channels: channels, multipliers: multipliers,
      blocks: source.run { "encoder.conv_blocks.0.res.\($0).conv1.weight" },
      latent: last[0], codebook: codes.rows, codeDim: codes.columns, groups: groups ?? 32, patch: patch,
      attention: source.shape(of: "encoder.conv_blocks.\(stages - 1).attn.0.q.weight") != nil)
    try validate()
  }
}
