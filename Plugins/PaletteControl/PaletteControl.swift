import ARPG
import ARPGLayers
import ARPGTensor

/// Conditions an image on its main colours: each becomes a token in front of the codes.
public struct PaletteControl: TrainableAdapter, ControlPreprocessor {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(PaletteControl())
  }

  /// Its name is `palette`; it takes a text.
  public let descriptor = AdapterDescriptor(
    name: "palette",
    summary: "main colours",
    input: .text,
    inputSummary: "1 to 8 colours with commas between, as #aa3311,navy; red:3 covers three times as much",
    example: "#aa3311,navy:3",
    shorthand: "palette")

  /// One element, whose values are those of ``ColourPalette/values``; its image shows the colours.
  ///
  /// - Throws: ``PaletteError``.
  public func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .text(let text) = input else { throw PaletteError.notText }
    return [try ColourPalette(parsing: text).control]
  }

  /// New weights; there are no settings.
  ///
  /// - Throws: ``PaletteError/settings`` where some are given.
  public func initialParameters(for model: AdapterModel, settings: JSONValue?, seed: UInt64) throws -> NewAdapter {
    guard settings ?? .null == .null else { throw PaletteError.settings }
    return NewAdapter(
      configuration: .null,
      parameters: ParameterSet(
        PaletteNetwork.initialParameters(model.layout.dim, seed: seed, purpose: .adapter), sourceName: "a new adapter"))
  }

  /// An image: the colours of a training image follow from it.
  public var storedKind: AdapterDescriptor.Input { .image }

  /// The palette whose bars are stored.
  ///
  /// - Throws: ``PaletteError``.
  public func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl {
    guard case .image(let image) = input else { throw PaletteError.notSwatches("no image") }
    return try ColourPalette(swatches: image).control
  }

  /// The dominant colours of an image.
  public func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? {
    ColourPalette(of: image.image).control
  }

  /// Fewer colours, without weights, a little different.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl {
    guard let palette = ColourPalette(values: control.values) else { return control }
    return PaletteAugmentation().applied(to: palette, using: &random).control
  }

  /// Checks the model's weights for this adapter.
  ///
  /// - Throws: ``PaletteError/noWeights``, and `ParameterError` where a tensor is missing, unknown or of another
  ///   shape.
  public func fit(to model: AdapterModel) throws -> any FittedAdapter {
    guard let weights = model.weights else { throw PaletteError.noWeights }
    try ParameterError.check(
      weights.parameters, against: PaletteNetwork.parameterTable(model.layout.dim), ignoring: PaletteNetwork.ignores)
    return FittedPaletteControl()
  }
}

/// The adapter, whose weights fit.
private struct FittedPaletteControl: FittedAdapter {
  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    guard let parameters else { throw PaletteError.noWeights }
    return PaletteEncoder(network: try PaletteNetwork.load(parts.decoder.layout.dim, from: parameters))
  }
}

/// Encodes palettes for one model.
private struct PaletteEncoder: ControlEncoder {
  let network: PaletteNetwork

  var nullPrefix: Tensor? { network.nullPrefix }

  /// Encodes palettes, at least one.
  ///
  /// - Throws: ``PaletteError/shape(_:)``.
  func encode(_ batch: [PreparedControl]) throws -> Condition {
    for control in batch where control.values.shape != [ColourPalette.maxColours, 4] {
      throw PaletteError.shape(control.values.shape)
    }
    return Condition(prefix: .init(embeddings: network(batch.map(\.values)), null: network.nullPrefix))
  }
}
