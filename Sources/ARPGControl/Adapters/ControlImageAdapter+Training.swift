import ARPG

extension ControlImageAdapter {
  /// A new ``ControlARNetwork`` with the settings that the model's `configuration` wishes, or an encoder of half the
  /// decoder's width with two layers.
  ///
  /// - Throws: ``ControlARError`` where the settings cannot be read or do not fit the model.
  public func initialParameters(for model: AdapterModel, seed: UInt64) throws -> NewAdapter {
    let name = descriptor.name, decoder = model.decoder.configuration
    let settings: ControlARConfiguration
    do {
      settings = try model.configuration?.decode() ?? ControlARConfiguration(newFor: decoder, image: model.imageSize)
    } catch let error as ConfigurationError {
      throw ControlARError.settings(adapter: name, reason: "\(error)")
    }
    let parameters = try ControlARNetwork.initialParameters(settings.network(for: decoder), seed: seed)
    try settings.checkFit(adapter: name, source: parameters, decoder: decoder, image: model.imageSize)
    return NewAdapter(configuration: try JSONValue(encoding: settings), parameters: parameters)
  }

  /// The stored picture as it is: it has been preprocessed already.
  ///
  /// - Throws: ``ControlARError/notAPicture(adapter:)``.
  public func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl {
    guard case .image(let picture) = input else { throw ControlARError.notAPicture(adapter: descriptor.name) }
    guard let size = context.imageSize, size != ImageSize(width: picture.width, height: picture.height) else {
      return PreparedControl(controlImage: picture)
    }
    let filter: ResamplingFilter = interpolation == .nearest ? .nearest : .bicubic
    return PreparedControl(controlImage: picture.resized(to: size, filter: filter))
  }
}

extension ControlARConfiguration {
  /// Settings of a small encoder that is trained from the beginning: two layers of half the decoder's width behind
  /// convolutions, or behind patches that are the tokens where their side is no power of two.
  init(newFor decoder: DecoderConfiguration, image: ImageSize) {
    let heads = 4
    let hidden = min(384, max(32, decoder.dim / 2 / (4 * heads) * (4 * heads)))
    let sizes = VisionTransformerConfiguration(
      image: image.width, patch: max(1, image.width / decoder.grid), hidden: hidden, heads: heads, layers: 2,
      intermediate: 4 * hidden)
    self.init(encoder: sizes.isPatchHalved ? .convolutional(sizes) : .vit(sizes))
  }
}
