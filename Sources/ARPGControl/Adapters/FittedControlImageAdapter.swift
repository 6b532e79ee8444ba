import ARPG
import ARPGTensor

/// An adapter of control images whose settings and weights suit a model.
struct FittedControlImageAdapter: FittedAdapter {
  private let adapter: String
  private let configuration: ControlARNetwork.Configuration
  private let image, input: ImageSize
  private let interpolation: Interpolation

  /// Checks an adapter's settings and the shapes of its weights against a model.
  ///
  /// - Throws: ``ControlARError``, ``/ARPGCheckpoints/ParameterError``.
  init(
    adapter: String, model: AdapterModel, encoders: VisionEncoderRegistry, interpolation: Interpolation
  ) throws {
    guard let weights = model.weights else { throw ControlARError.noWeights(adapter: adapter) }
    let source = weights.parameters.adapterTensors, layout = model.layout
    let settings: ControlARConfiguration
    do {
      settings = try ControlARConfiguration(weights, encoders: encoders)
    } catch let error as ConfigurationError {
      throw ControlARError.settings(adapter: adapter, reason: "\(error)")
    }
    try settings.checkFit(adapter: adapter, source: source, decoder: layout, image: model.imageSize)
    configuration = settings.network(for: layout)
    try ControlARNetwork.check(source, configuration)
    self.adapter = adapter
    self.interpolation = interpolation
    image = model.imageSize
    input = settings.encoder.inputSize(image: image, rows: layout.rows, columns: layout.columns)
  }

  /// Makes the encoder.
  ///
  /// - Throws: ``ControlARError/noWeights(adapter:)``, and what reading a weight throws.
  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    guard let source = parameters?.adapterTensors else { throw ControlARError.noWeights(adapter: adapter) }
    var tensors: [String: Tensor] = [:]
    for entry in ControlARNetwork.parameterTable(configuration) {
      tensors[entry.name] = try source.tensor(named: entry.name)
    }
    return ControlImageEncoder(
      adapter: adapter, network: ControlARNetwork(configuration, ParameterReader(tensors: tensors)), image: image,
      input: input, interpolation: interpolation)
  }
}

/// Encodes control images for one model.
private struct ControlImageEncoder: ControlEncoder {
  let adapter: String
  let network: ControlARNetwork
  /// The size of a control image, and that in which the network sees it.
  let image, input: ImageSize
  let interpolation: Interpolation

  /// Encodes control images, at least one, each `[3, height, width]` of the model's image size.
  ///
  /// - Throws: ``ControlARError/shape(adapter:found:expected:)``.
  func encode(_ batch: [PreparedControl]) throws -> Condition {
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
