import ARPG
import ARPGTensor

/// Conditions an image on a text by the features that a text encoder has made of it, which stand in front of the codes.
///
/// The features are those that the decoder was trained with: of LlamaGen's text-to-image models, the last hidden states of
/// FLAN-T5-XL (LlamaGen, arXiv 2406.06525, section 3.1), the rows of the text's tokens alone, without padding.
public struct TextFeaturesControl: ControlAdapter, ControlPreprocessor {
  /// An adapter without settings.
  public init() {}

  /// Adds the adapter to a registry.
  public static func register(in registry: inout AdapterRegistry) throws {
    try registry.register(TextFeaturesControl())
  }

  /// Its name is `text-features`; it takes numbers in a shape.
  public let descriptor = AdapterDescriptor(
    name: "text-features",
    summary: "a text that the image shows, by its features",
    input: .tensor,
    inputSummary: "what a text encoder made of it, [tokens, width]; [texts, tokens, width] is a batch",
    shorthand: "text-features")

  /// One element for each text, `[tokens, width]`.
  ///
  /// - Throws: ``TextFeaturesError`` for another input or shape.
  public func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .tensor(let tensor) = input else { throw TextFeaturesError.notFeatures }
    guard 2...3 ~= tensor.shape.count, !tensor.shape.contains(0) else {
      throw TextFeaturesError.shape(tensor.shape)
    }
    guard tensor.shape.count == 3 else { return [PreparedControl(values: tensor)] }
    return (0..<tensor.shape[0]).map { index in
      PreparedControl(values: tensor.slice(index..<index + 1).reshaped(Array(tensor.shape.dropFirst())))
    }
  }

  /// Fits a model that is conditioned on texts.
  ///
  /// - Throws: ``/ARPG/DecoderError/noText`` where it is not.
  public func fit(to model: AdapterModel) throws -> any FittedAdapter {
    guard model.layout.text != nil else { throw DecoderError.noText }
    return FittedTextFeatures()
  }
}

/// All that features need is in the decoder.
private struct FittedTextFeatures: FittedAdapter {
  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    TextFeaturesEncoder(decoder: parts.decoder)
  }
}

private struct TextFeaturesEncoder: ControlEncoder {
  let decoder: any ImageDecoder

  var nullPrefix: Tensor? { decoder.nullPrefix }

  func encode(_ batch: [PreparedControl]) throws -> Condition {
    Condition(prefix: try decoder.prefix(ofTexts: batch.map(\.values)))
  }
}

/// Features that cannot be used.
public enum TextFeaturesError: Error, CustomStringConvertible, Equatable {
  /// The input is an image or a text.
  case notFeatures
  /// The numbers have another shape.
  case shape([Int])

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .notFeatures: "text-features takes numbers; give the name of a .npy or safetensors file"
    case .shape(let shape):
      "the text features have the shape \(shape), expected [tokens, width], or [texts, tokens, width] for several texts"
    }
  }
}
