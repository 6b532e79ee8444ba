import ARPG
import ARPGTensor

/// Encodes control images for one model.
public struct ControlImageEncoder: ControlEncoder {
  /// The adapter's name, for errors.
  public let adapter: String
  /// The network.
  public let network: ControlARNetwork
  private let image, input: ImageSize
  private let interpolation: Interpolation

  /// An encoder of a network that is known to fit.
  ///
  /// - Parameters:
  ///   - adapter: its name, for errors.
  ///   - network: the network; its parameters may be tracked.
  ///   - image: the size of the model's images in pixels.
  ///   - grid: the side of the decoder's grid of tokens.
  ///   - interpolation: how images are brought to the size that the network's encoder sees.
  public init(
    adapter: String, network: ControlARNetwork, image: ImageSize, grid: Int, interpolation: Interpolation = .nearest
  ) {
    self.adapter = adapter
    self.network = network
    self.image = image
    self.interpolation = interpolation
    input = network.configuration.encoder.inputSize(image: image, grid: grid)
  }

  /// Checks an adapter's weights against a model and loads them.
  ///
  /// - Throws: ``ControlARError`` before any weight is read where the model has none or they do not fit, and what reading
  ///   them throws.
  public init(adapter: String, model: AdapterModel, interpolation: Interpolation = .nearest) throws {
    guard let source = model.parameters?.adapterTensors else { throw ControlARError.noWeights(adapter: adapter) }
    let configuration: ControlARConfiguration
    do {
      configuration = try model.configuration?.decode() ?? ControlARConfiguration(inferredFrom: source)
    } catch let error as ConfigurationError {
      throw ControlARError.settings(adapter: adapter, reason: "\(error)")
    }
    let decoder = model.decoder.configuration
    try configuration.checkFit(adapter: adapter, source: source, decoder: decoder, image: model.imageSize)
    self.init(
      adapter: adapter, network: try ControlARNetwork.load(configuration.network(for: decoder), from: source),
      image: model.imageSize, grid: decoder.grid, interpolation: interpolation)
  }

  /// Encodes control images, at least one, each `[3, height, width]` of the model's image size.
  ///
  /// - Throws: ``ControlARError/shape(adapter:found:expected:)``.
  public func encode(_ batch: [PreparedControl]) throws -> Condition {
    precondition(!batch.isEmpty, "there is no control image to encode")
    let shape = [3, image.height, image.width]
    for control in batch where control.values.shape != shape {
      throw ControlARError.shape(adapter: adapter, found: control.values.shape, expected: shape)
    }
    let images = Tensor(shape: [batch.count] + shape, values: batch.flatMap(\.values.values))
    return network(
      images.resized(axis: 2, to: input.height, by: interpolation)
        .resized(axis: 3, to: input.width, by: interpolation))
  }
}
