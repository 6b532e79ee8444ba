import ARPGTensor

/// A model in memory: decoder, tokenizer, and what adapters it has weights for.
public struct Model: Sendable {
  /// What it is, which settings suit it, and how its classes are called.
  public let description: ModelDescription
  /// The decoder, of the grid of its images.
  public internal(set) var decoder: any ImageDecoder
  /// The decoder of the grid of training.
  let trainedDecoder: any ImageDecoder
  /// The tokenizer.
  public let tokenizer: any ImageTokenizer
  /// How the matrices of the decoder are kept.
  public let precision: WeightPrecision
  /// The size of its images in pixels.
  public internal(set) var imageSize: ImageSize
  /// What comes first of an image that is not of the size of training; nil for nothing.
  var coarse: CoarseGrid?
  private let weights: @Sendable (_ adapter: String) throws -> AdapterWeights?
  private let preprocessorWeights: @Sendable (_ adapter: String) throws -> AdapterWeights?
  /// Where it was loaded from; nil for a model of parts in memory.
  package let folder: ModelFolder?
  /// Adapters of files that lie beside the model, by their names.
  var added: [String: AdapterFile] = [:]

  /// A model of parts that are in memory.
  ///
  /// - Parameters:
  ///   - description: of the model; what it says of files is not looked at.
  ///   - decoder: the decoder.
  ///   - tokenizer: the tokenizer.
  ///   - adapters: the settings and weights of adapters, by their names.
  public init(
    _ description: ModelDescription, decoder: any ImageDecoder, tokenizer: any ImageTokenizer,
    adapters: [String: AdapterWeights] = [:]
  ) {
    self.description = description
    precision = .float32
    imageSize = ImageSize(width: description.imageSize, height: description.imageSize)
    self.decoder = decoder
    trainedDecoder = decoder
    self.tokenizer = tokenizer
    weights = { adapters[$0] }
    preprocessorWeights = { _ in nil }
    folder = nil
  }

  /// Loads a model; adapters are loaded when they are used.
  ///
  /// - Parameters:
  ///   - path: of its folder.
  ///   - registries: the decoder families and tokenizers that there are.
  ///   - precision: of the decoder's matrices; below 32 bits the tokenizer's convolutions have 16. Nil for the model's own:
  ///     see ``ModelFolder/suggestedPrecision()``.
  /// - Throws: where the folder lacks a part, or a part is broken or does not fit the rest.
  public static func load(_ path: String, _ registries: Registries, precision: WeightPrecision? = nil) throws
    -> Model
  {
    try Model(ModelFolder.read(path, registries), precision)
  }

  private init(_ folder: ModelFolder, _ precision: WeightPrecision?) throws {
    self.folder = folder
    let precision = try precision ?? folder.suggestedPrecision() ?? .float32
    self.precision = precision
    description = folder.description
    imageSize = folder.imageSize
    trainedDecoder = try folder.loadDecoder(precision: precision)
    decoder = trainedDecoder
    tokenizer = try folder.loadTokenizer(precision: precision.ofTokenizer)
    weights = { try folder.weights(ofAdapter: $0) }
    preprocessorWeights = { try folder.weights(ofPreprocessorOf: $0) }
  }

  /// The layout of the decoder.
  public var layout: DecoderLayout { decoder.layout }
  /// The names of its classes, in class order.
  public var classNames: [String] { description.classNames }
  /// The sampling settings that suit it where a control says what is where.
  public var sampling: SamplingSettings { description.sampling }

  /// The sampling settings that suit it for some controls: others where none of them says what is where.
  public func sampling(for controls: [ActiveControl]) -> SamplingSettings {
    return fitted(
      controls.contains(where: \.isSpatial) ? sampling : description.samplingWithoutControls.applied(to: sampling))
  }

  /// What adapters may know when they preprocess inputs for the model.
  public var preprocessingContext: PreprocessingContext {
    PreprocessingContext(imageSize: imageSize, classNames: classNames)
  }

  /// What an adapter may know of the model, its own weights and settings included.
  ///
  /// - Throws: where the file of the adapter's weights cannot be opened.
  public func adapterModel(_ name: String) throws -> AdapterModel {
    try adapterModel(name, layout: layout, imageSize: imageSize)
  }

  /// What an adapter may know of the model for images of some size.
  func adapterModel(_ name: String, layout: DecoderLayout, imageSize: ImageSize) throws -> AdapterModel {
    AdapterModel(
      layout: layout, imageSize: imageSize, classNames: classNames, weights: try added[name]?.weights ?? weights(name))
  }

  /// The settings and weights of an adapter's preprocessing; nil where the model has none.
  ///
  /// - Throws: where the file of the weights cannot be opened.
  func preprocessorWeights(_ name: String) throws -> AdapterWeights? { try preprocessorWeights(name) }

  /// What tells the weights from others, by part: `decoder`, `tokenizer`, and some adapters by their names. Empty for a model of
  /// parts in memory.
  ///
  /// - Throws: where a file is broken.
  public func fingerprints(adapters names: some Sequence<String>) throws -> [String: String] {
    guard let folder else { return [:] }
    let parts: [(name: String, fingerprint: @Sendable () throws -> String?)] =
      [("decoder", folder.decoderFingerprint), ("tokenizer", folder.tokenizerFingerprint)]
      + names.map { name in
        (name, { [added] in try added[name]?.manifest.weights ?? folder.fingerprint(ofAdapter: name) })
      }
    let results = Parallel.map(parts.count) { index in Result { try parts[index].fingerprint() } }
    var fingerprints: [String: String] = [:]
    for (part, result) in zip(parts, results) { fingerprints[part.name] = try result.get() }
    return fingerprints
  }

  /// What the file of an adapter's weights says of itself; nil where it does not describe itself, or there is none.
  ///
  /// - Throws: ``AdapterFileError`` where its description is broken.
  public func manifest(ofAdapter name: String) throws -> AdapterManifest? {
    if let file = added[name] { return file.manifest }
    guard let folder, let part = folder.description.adapters[name] else { return nil }
    return try AdapterFile.manifest(of: Checkpoint.open(folder.path(of: part.file)))
  }

  /// The image of some codes, given in raster order.
  ///
  /// - Throws: ``TokenizerError`` where they are not those of an image.
  public func image(of codes: [Int]) throws(TokenizerError) -> Image {
    try tokenizer.image(of: codes, rows: layout.rows, columns: layout.columns)
  }
}
