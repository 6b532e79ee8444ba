import ARPGTensor

extension ModelFolder {
  /// Loads the decoder.
  ///
  /// - Parameter precision: of its matrices; nil for that in which they are stored.
  /// - Throws: ``ModelPartError`` where the model has none; ``/ARPGCheckpoints/CheckpointError`` or
  ///   ``/ARPGCheckpoints/ParameterError`` where its file is broken or holds other tensors.
  public func loadDecoder(precision: WeightPrecision? = nil) throws -> any ImageDecoder {
    guard let part = description.decoder else { throw ModelPartError(folder: path, part: "decoder") }
    return try load(part.file) { try part.load($0, precision: precision) }
  }

  /// Loads a part from its file, whose pages are read again as they are used: not all of what is checked is.
  private func load<Part>(_ file: String, _ load: (Checkpoint) throws -> Part) throws -> Part {
    let checkpoint = try Checkpoint.open(path(of: file))
    defer { checkpoint.forget() }
    return try load(checkpoint)
  }

  /// How the decoder's matrices are kept in memory unless told otherwise: packed as they are stored, or as the description says, or else
  /// in the type in which they are stored. Nil where the model has no decoder.
  ///
  /// - Throws: where its file cannot be opened.
  public func suggestedPrecision() throws -> WeightPrecision? {
    guard let part = description.decoder, let precision = description.precision else { return try decoderPrecision() }
    return try Checkpoint.open(path(of: part.file)).manifest?.precision ?? precision
  }

  /// How the decoder's matrices are stored: packed, all of them in one type of 16 bits, or otherwise. Nil where the model has no decoder.
  ///
  /// - Throws: where its file cannot be opened.
  public func decoderPrecision() throws -> WeightPrecision? {
    try description.decoder.map { part in
      let checkpoint = try Checkpoint.open(path(of: part.file))
      if let manifest = checkpoint.manifest { return manifest.precision }
      let types = Set(part.parameterTable.filter(\.isPackable).map { checkpoint.scalarType(of: $0.name) })
      return switch types {
      case [.float16]: .float16
      case [.bfloat16]: .bfloat16
      default: .float32
      }
    }
  }

  /// Loads the tokenizer.
  ///
  /// - Parameter precision: of its convolutions; nil for that in which they are stored.
  /// - Throws: as ``loadDecoder(precision:)``.
  public func loadTokenizer(precision: WeightPrecision? = nil) throws -> any ImageTokenizer {
    guard let part = description.tokenizer else { throw ModelPartError(folder: path, part: "tokenizer") }
    return try load(part.file) { try part.load($0, precision: precision) }
  }

  /// The settings and weights that the model has for an adapter; nil where it has none.
  ///
  /// - Throws: where the file cannot be opened.
  public func weights(ofAdapter name: String) throws -> AdapterWeights? {
    guard let part = description.adapters[name] else { return nil }
    return AdapterWeights(configuration: part.configuration, parameters: try Checkpoint.open(path(of: part.file)))
  }

  /// The settings and weights that the model has for an adapter's preprocessing; nil where it has none.
  ///
  /// - Throws: where the file cannot be opened.
  public func weights(ofPreprocessorOf name: String) throws -> AdapterWeights? {
    guard let part = description.adapters[name]?.preprocessor else { return nil }
    return AdapterWeights(configuration: part.configuration, parameters: try Checkpoint.open(path(of: part.file)))
  }

  /// The size of the model's images in pixels.
  public var imageSize: ImageSize { ImageSize(width: description.imageSize, height: description.imageSize) }
}

/// A model lacks a part that is needed.
public struct ModelPartError: Error, CustomStringConvertible, Equatable {
  /// The model's folder.
  public let folder: String
  /// What it lacks.
  public let part: String

  /// What is missing, and what to do.
  public var description: String {
    "\(folder): the model has no \(part); convert one into it with `arpg convert --\(part) FILE`"
  }
}
