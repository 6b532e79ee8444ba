/// What `model.json` says of a model.
public struct ModelDescription: Sendable, Equatable {
  /// The version of the format that is written; others are not read.
  public static let currentFormat = 1

  /// The decoder and its file.
  public struct DecoderPart: Sendable, Equatable {
    /// The name of the safetensors file in the folder.
    public var file: String
    /// The sizes.
    public var configuration: DecoderConfiguration

    /// A decoder in a file.
    public init(file: String, configuration: DecoderConfiguration) {
      self.file = file
      self.configuration = configuration
    }
  }

  /// The tokenizer and its file.
  public struct TokenizerPart: Sendable, Equatable {
    /// The name of the safetensors file in the folder.
    public var file: String
    /// The sizes.
    public var configuration: VQConfiguration

    /// A tokenizer in a file.
    public init(file: String, configuration: VQConfiguration) {
      self.file = file
      self.configuration = configuration
    }
  }

  /// An adapter and its file.
  public struct AdapterPart: Sendable, Equatable, Codable {
    /// The name of the safetensors file in the folder.
    public var file: String
    /// What the adapter says of itself; only it knows what that means.
    public var configuration: JSONValue

    /// An adapter in a file.
    public init(file: String, configuration: JSONValue) {
      self.file = file
      self.configuration = configuration
    }
  }

  /// The name.
  public var name: String
  /// What the model is, in a sentence.
  public var summary: String?
  /// What it was trained on.
  public var trainingData: String?
  /// What it is known not to do well.
  public var limits: String?
  /// The side of an image in pixels.
  public var imageSize: Int
  /// The decoder.
  public var decoder: DecoderPart?
  /// The tokenizer.
  public var tokenizer: TokenizerPart?
  /// The names of the classes, in order; empty where they have none.
  public var classNames: [String] = []
  /// The settings that suit the model.
  public var sampling = SamplingSettings()
  /// What differs from them for images without a spatial control: of a class alone, or of nothing.
  public var samplingWithoutControls = SamplingOverrides()
  /// The adapters by their names.
  public var adapters: [String: AdapterPart] = [:]

  /// A model of nothing yet.
  public init(name: String, imageSize: Int) {
    self.name = name
    self.imageSize = imageSize
  }

  /// The names of all files.
  var files: [String] {
    [decoder?.file, tokenizer?.file].compactMap { $0 } + adapters.sorted { $0.key < $1.key }.map(\.value.file)
  }

  /// Checks that the parts go together.
  ///
  /// - Throws: ``ConfigurationError/invalid(field:found:expected:)``, or ``SamplingError`` for the settings.
  public func validate() throws {
    try ConfigurationError.require(1...1 << 14 ~= imageSize, "image_size", imageSize, "1 to \(1 << 14)")
    try decoder?.configuration.validate()
    try tokenizer?.configuration.validate()
    try sampling.validate()
    try samplingWithoutControls.applied(to: sampling).validate()
    if let decoder = decoder?.configuration {
      try ConfigurationError.require(
        classNames.isEmpty || classNames.count == decoder.classes, "the number of class_names", classNames.count,
        "none, or the \(decoder.classes) of the decoder")
      if let tokenizer = tokenizer?.configuration {
        try ConfigurationError.require(
          tokenizer.codebook == decoder.vocab, "codebook of the tokenizer", tokenizer.codebook,
          "the vocab of the decoder, \(decoder.vocab)")
        try ConfigurationError.require(
          imageSize == decoder.grid * tokenizer.factor, "image_size", imageSize,
          "\(decoder.grid) codes of \(tokenizer.factor) pixels: \(decoder.grid * tokenizer.factor)")
      }
    }
  }
}
