import ARPGTensor
import Foundation

/// The families and tokenizers that a description is read with stand in the decoder's `userInfo`: see
/// ``ModelDescription/read(_:_:)``.
extension ModelDescription: Codable {
  enum CodingKeys: String, CodingKey {
    case format, name, summary, limits, decoder, tokenizer, precision, sampling, adapters
    case trainingData = "training_data"
    case imageSize = "image_size"
    case classNames = "class_names"
    case samplingWithoutControls = "sampling_without_controls"
  }

  private static var registriesKey: CodingUserInfoKey? { CodingUserInfoKey(rawValue: "registries") }

  /// Reads a description from JSON.
  ///
  /// - Throws: as ``init(from:)``.
  static func read(_ json: Data, _ registries: Registries) throws -> ModelDescription {
    let decoder = JSONDecoder()
    if let registriesKey { decoder.userInfo[registriesKey] = registries }
    return try decoder.decode(ModelDescription.self, from: json)
  }

  /// Reads a description; only `format`, `name` and `image_size` must be there.
  ///
  /// - Throws: also ``/ARPGCheckpoints/ConfigurationError/invalid(field:found:expected:)`` for a format of another version,
  ///   and ``RegistryError`` for a decoder family or a tokenizer that the program does not have.
  public init(from decoder: any Swift.Decoder) throws {
    let registries = Self.registriesKey.flatMap { decoder.userInfo[$0] as? Registries } ?? Registries()
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
    if let part = try container.decodeIfPresent(StoredPart.self, forKey: .decoder) {
      var decoder = try Self.inside("decoder") {
        try DecoderPart(part.architecture, sizes: part.sizes, in: registries.decoders)
      }
      decoder.file = part.file
      self.decoder = decoder
    }
    if let part = try container.decodeIfPresent(StoredPart.self, forKey: .tokenizer) {
      var tokenizer = try Self.inside("tokenizer") {
        try TokenizerPart(
          part.architecture ?? VQTokenizer.architecture, sizes: part.sizes, in: registries.tokenizers)
      }
      tokenizer.file = part.file
      self.tokenizer = tokenizer
    }
    precision = try container.decodeIfPresent(WeightPrecision.self, forKey: .precision)
    classNames = try container.decodeIfPresent([String].self, forKey: .classNames) ?? []
    sampling = try container.decodeIfPresent(SamplingSettings.self, forKey: .sampling) ?? SamplingSettings()
    samplingWithoutControls =
      try container.decodeIfPresent(SamplingOverrides.self, forKey: .samplingWithoutControls) ?? SamplingOverrides()
    adapters = try container.decodeIfPresent([String: AdapterPart].self, forKey: .adapters) ?? [:]
  }

  /// Puts the field that is read in front of those that errors name.
  private static func inside<Part>(_ field: String, _ read: () throws -> Part) throws -> Part {
    do { return try read() } catch ConfigurationError.malformed(let reason) {
      throw ConfigurationError.malformed("\(field).\(reason)")
    }
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
    try container.encodeIfPresent(
      decoder.map { part in
        try StoredPart(
          file: part.file, architecture: part.family.architecture, sizes: JSONValue(encoding: part.configuration))
      }, forKey: .decoder)
    try container.encodeIfPresent(
      tokenizer.map { part in
        try StoredPart(
          file: part.file, architecture: part.architecture.architecture,
          sizes: JSONValue(encoding: part.configuration))
      }, forKey: .tokenizer)
    try container.encodeIfPresent(precision, forKey: .precision)
    try container.encode(classNames, forKey: .classNames)
    try container.encode(sampling, forKey: .sampling)
    if samplingWithoutControls != SamplingOverrides() {
      try container.encode(samplingWithoutControls, forKey: .samplingWithoutControls)
    }
    try container.encode(adapters, forKey: .adapters)
  }
}

/// A decoder or a tokenizer as it stands in a description: sizes beside `file` and `architecture`, in one object. Models
/// that were written before there were several architectures name none.
private struct StoredPart: Codable {
  let file: String
  let architecture: String?
  let sizes: JSONValue

  private enum CodingKeys: String, CodingKey { case file, architecture }

  init(file: String, architecture: String, sizes: JSONValue) {
    self.file = file
    self.architecture = architecture
    self.sizes = sizes
  }

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    file = try container.decode(String.self, forKey: .file)
    architecture = try container.decodeIfPresent(String.self, forKey: .architecture)
    sizes = try JSONValue(from: decoder)
  }

  func encode(to encoder: any Encoder) throws {
    guard case .object(var fields) = sizes else {
      throw ConfigurationError.malformed("the sizes of \(architecture ?? file) are no JSON object")
    }
    fields[CodingKeys.file.rawValue] = .string(file)
    fields[CodingKeys.architecture.rawValue] = architecture.map(JSONValue.string)
    try JSONValue.object(fields).encode(to: encoder)
  }
}
