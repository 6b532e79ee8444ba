extension ModelFolder {
  /// Loads the decoder.
  ///
  /// - Throws: ``ModelPartError`` where the model has none; ``CheckpointError`` or ``ParameterError`` where its file is
  ///   broken or holds other tensors.
  public func loadDecoder() throws -> Decoder {
    guard let part = description.decoder else { throw ModelPartError(folder: path, part: "decoder") }
    return try Decoder.load(part.configuration, from: Checkpoint.open(path(of: part.file)))
  }

  /// Loads the tokenizer.
  ///
  /// - Throws: as ``loadDecoder()``.
  public func loadTokenizer() throws -> VQTokenizer {
    guard let part = description.tokenizer else { throw ModelPartError(folder: path, part: "tokenizer") }
    return try VQTokenizer.load(part.configuration, from: Checkpoint.open(path(of: part.file)))
  }

  /// The size of the model's pictures in pixels.
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
