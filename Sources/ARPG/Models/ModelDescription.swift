import ARPGTensor

/// What `model.json` says of a model.
public struct ModelDescription: Sendable, Equatable {
  /// The version of the format that is written; others are not read.
  public static let currentFormat = 1

  /// An adapter and its files.
  public struct AdapterPart: Sendable, Equatable, Codable {
    /// The name of the safetensors file in the folder.
    public var file: String
    /// What the adapter says of itself; only it knows what that means.
    public var configuration: JSONValue
    /// What its preprocessing needs, where that has weights of its own.
    public var preprocessor: PreprocessorPart?

    /// An adapter in a file.
    public init(file: String, configuration: JSONValue, preprocessor: PreprocessorPart? = nil) {
      self.file = file
      self.configuration = configuration
      self.preprocessor = preprocessor
    }
  }

  /// The weights of an adapter's preprocessing.
  public struct PreprocessorPart: Sendable, Equatable, Codable {
    /// The name of the safetensors file in the folder.
    public var file: String
    /// What the adapter says of it; only it knows what that means.
    public var configuration: JSONValue

    /// Weights in a file.
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
  /// How the decoder's matrices are kept in memory unless told otherwise, where they are not stored packed; nil for that in which they
  /// are stored.
  public var precision: WeightPrecision?
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
  package var files: [String] {
    [decoder?.file, tokenizer?.file].compactMap { $0 }
      + adapters.sorted { $0.key < $1.key }.flatMap { [$1.file] + [$1.preprocessor?.file].compactMap { $0 } }
  }

  /// Checks that the parts go together.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, or ``SamplingError`` for the settings.
  public func validate() throws {
    try ConfigurationError.require(1...1 << 14 ~= imageSize, "image_size", imageSize, "1 to \(1 << 14)")
    try decoder?.configuration.validate()
    try tokenizer?.configuration.validate()
    try sampling.validate()
    try samplingWithoutControls.applied(to: sampling).validate()
    guard let layout = decoder?.layout else { return }
    try ConfigurationError.require(
      classNames.isEmpty || classNames.count == layout.classes, "the number of class_names", classNames.count,
      "none, or the \(layout.classes) of the decoder")
    guard let tokenizer = tokenizer?.configuration else { return }
    let factor = tokenizer.downsamplingFactor
    try ConfigurationError.require(
      tokenizer.codebook == layout.vocab, "codebook of the tokenizer", tokenizer.codebook,
      "the vocab of the decoder, \(layout.vocab)")
    try ConfigurationError.require(
      imageSize == layout.columns * factor && imageSize == layout.rows * factor, "image_size", imageSize,
      "\(layout.columns) codes of \(factor) pixels: \(layout.columns * factor)")
  }
}
