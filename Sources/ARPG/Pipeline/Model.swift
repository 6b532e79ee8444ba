import ARPGTensor

/// A model in memory: decoder, tokenizer, and what adapters it has weights for.
public struct Model: Sendable {
  /// The folder it came from.
  public let folder: ModelFolder
  /// The decoder.
  public let decoder: Decoder
  /// The tokenizer.
  public let tokenizer: VQTokenizer

  /// Loads a model.
  ///
  /// - Parameter path: of its folder.
  /// - Throws: where the folder lacks a part, or a part is broken or does not fit the rest.
  public static func load(_ path: String) throws -> Model {
    let folder = try ModelFolder.read(path)
    return Model(folder: folder, decoder: try folder.loadDecoder(), tokenizer: try folder.loadTokenizer())
  }

  /// The size of its pictures in pixels.
  public var imageSize: ImageSize { folder.imageSize }
  /// The names of its classes, in class order.
  public var classNames: [String] { folder.description.classNames }
  /// The sampling settings that suit it where a control says what is where.
  public var sampling: SamplingSettings { folder.description.sampling }

  /// The sampling settings that suit it for some controls: others where none of them says what is where.
  public func sampling(for controls: [ActiveControl]) -> SamplingSettings {
    let isSpatial = controls.contains { $0.isOn && !$0.condition.tokens.isEmpty }
    return isSpatial ? sampling : folder.description.samplingWithoutControls.applied(to: sampling)
  }

  /// What an adapter may know of the model, its own weights and settings included.
  ///
  /// - Throws: where the file of the adapter's weights cannot be opened.
  public func adapterModel(_ name: String) throws -> AdapterModel {
    let part = folder.description.adapters[name]
    return AdapterModel(
      decoder: decoder, tokenizer: tokenizer, imageSize: imageSize, classNames: classNames,
      configuration: part?.configuration, parameters: try part.map { try Checkpoint.open(folder.path(of: $0.file)) })
  }

  /// The picture of an image's codes, given in raster order.
  public func picture(of codes: [Int]) throws -> Image {
    let grid = decoder.configuration.grid
    return Image(
      tensor: try tokenizer.decode([codes], rows: grid, columns: grid).slice(0..<1).reshaped(
        3, imageSize.height, imageSize.width))
  }
}
