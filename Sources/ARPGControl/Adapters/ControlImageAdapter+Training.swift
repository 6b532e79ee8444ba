import ARPG

extension ControlImageAdapter {
  /// A new ``ControlARNetwork`` with the settings that are wished, or an encoder of half the decoder's width with two
  /// layers.
  ///
  /// - Throws: ``ControlARError`` where the settings cannot be read or do not fit the model.
  public func initialParameters(for model: AdapterModel, settings: JSONValue?, seed: UInt64) throws -> NewAdapter {
    let name = descriptor.name, layout = model.layout
    let configuration: ControlARConfiguration
    do {
      configuration =
        try settings.map { try ControlARConfiguration($0, encoders: encoders) }
        ?? ControlARConfiguration(newFor: layout, image: model.imageSize)
    } catch let error as ConfigurationError {
      throw ControlARError.settings(adapter: name, reason: "\(error)")
    }
    let parameters = try ControlARNetwork.initialParameters(configuration.network(for: layout), seed: seed)
    try configuration.checkFit(adapter: name, source: parameters, decoder: layout, image: model.imageSize)
    return NewAdapter(configuration: try JSONValue(encoding: configuration), parameters: parameters)
  }

  /// The stored image as it is: it has been preprocessed already. Of an adapter that draws its control image, the stored text
  /// is preprocessed.
  ///
  /// - Throws: ``ControlARError/notAnImage(adapter:)``, or what preprocessing the text throws.
  public func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl {
    guard case .image(let image) = input else {
      let controls = try makePreprocessor(nil).preprocess(
        AdapterInput(input, size: context.imageSize), options: OptionValues(for: descriptor), in: context)
      guard controls.count == 1 else {
        throw AdapterTrainingError.count(adapter: descriptor.name, found: controls.count)
      }
      return controls[0]
    }
    guard let size = context.imageSize, size != ImageSize(width: image.width, height: image.height) else {
      return PreparedControl(controlImage: image)
    }
    let filter: ResamplingFilter = interpolation == .nearest ? .nearest : .bicubic
    return PreparedControl(controlImage: image.resized(to: size, filter: filter))
  }
}

extension ControlARConfiguration {
  /// Settings of a small encoder that is trained from the beginning: two layers of half the decoder's width behind
  /// convolutions, or behind patches that are the tokens where their side is no power of two.
  init(newFor decoder: DecoderLayout, image: ImageSize) {
    let heads = 4
    let dim = min(384, max(32, decoder.dim / 2 / (4 * heads) * (4 * heads)))
    let sizes = VisionTransformerConfiguration(
      image: image.width, patch: max(1, image.width / decoder.columns), dim: dim, heads: heads, layers: 2,
      hidden: 4 * dim)
    self.init(encoder: sizes.isPatchHalved ? .convolutional(sizes) : .vit(sizes))
  }
}
