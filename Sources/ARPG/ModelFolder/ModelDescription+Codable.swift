extension ModelDescription: Codable {
  enum CodingKeys: String, CodingKey {
    case format, name, summary, limits, decoder, tokenizer, sampling, adapters
    case trainingData = "training_data"
    case imageSize = "image_size"
    case classNames = "class_names"
    case samplingWithoutControls = "sampling_without_controls"
  }

  /// Reads a description; only `format`, `name` and `image_size` must be there.
  ///
  /// - Throws: also ``ConfigurationError/invalid(field:found:expected:)`` for a format of another version.
  public init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let format = try container.decode(Int.self, forKey: .format)
    try ConfigurationError.require(
      format == Self.currentFormat, "format", format, "\(Self.currentFormat), the only one that this version reads")
    self.init(
      name: try container.decode(String.self, forKey: .name),
      imageSize: try container.decode(Int.self, forKey: .imageSize))
    summary = try container.decodeIfPresent(String.self, forKey: .summary)
    trainingData = try container.decodeIfPresent(String.self, forKey: .trainingData)
    limits = try container.decodeIfPresent(String.self, forKey: .limits)
    self.decoder = try container.decodeIfPresent(DecoderPart.self, forKey: .decoder)
    tokenizer = try container.decodeIfPresent(TokenizerPart.self, forKey: .tokenizer)
    classNames = try container.decodeIfPresent([String].self, forKey: .classNames) ?? []
    sampling = try container.decodeIfPresent(SamplingSettings.self, forKey: .sampling) ?? SamplingSettings()
    samplingWithoutControls =
      try container.decodeIfPresent(SamplingOverrides.self, forKey: .samplingWithoutControls) ?? SamplingOverrides()
    adapters = try container.decodeIfPresent([String: AdapterPart].self, forKey: .adapters) ?? [:]
  }

  /// Writes the description, with its format.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.currentFormat, forKey: .format)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(summary, forKey: .summary)
    try container.encodeIfPresent(trainingData, forKey: .trainingData)
    try container.encodeIfPresent(limits, forKey: .limits)
    try container.encode(imageSize, forKey: .imageSize)
    try container.encodeIfPresent(decoder, forKey: .decoder)
    try container.encodeIfPresent(tokenizer, forKey: .tokenizer)
    try container.encode(classNames, forKey: .classNames)
    try container.encode(sampling, forKey: .sampling)
    if samplingWithoutControls != SamplingOverrides() {
      try container.encode(samplingWithoutControls, forKey: .samplingWithoutControls)
    }
    try container.encode(adapters, forKey: .adapters)
  }
}

private enum FileKey: String, CodingKey { case file }

extension ModelDescription.DecoderPart: Codable {
  /// Reads the file's name and, beside it, the sizes.
  public init(from decoder: any Swift.Decoder) throws {
    file = try decoder.container(keyedBy: FileKey.self).decode(String.self, forKey: .file)
    configuration = try DecoderConfiguration(from: decoder)
  }

  /// Writes the file's name and, beside it, the sizes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FileKey.self)
    try container.encode(file, forKey: .file)
    try configuration.encode(to: encoder)
  }
}

extension ModelDescription.TokenizerPart: Codable {
  /// Reads the file's name and, beside it, the sizes.
  public init(from decoder: any Swift.Decoder) throws {
    file = try decoder.container(keyedBy: FileKey.self).decode(String.self, forKey: .file)
    configuration = try VQConfiguration(from: decoder)
  }

  /// Writes the file's name and, beside it, the sizes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FileKey.self)
    try container.encode(file, forKey: .file)
    try configuration.encode(to: encoder)
  }
}
