import ARPG
import ARPGTensor
import Foundation

/// Steers an image towards the colours of a roughly painted map, with any model and without training.
///
/// The tokenizer tells which codes the painted colours would have; the rows of the decoder's output layer tell in which
/// direction a query must move to make such codes likelier. That direction is the condition token, given to the last
/// layer. Nothing but public interfaces of the package is used.
public struct ColourMapControl: ControlAdapter, ControlPreprocessor {
  /// An adapter without settings.
  public init() {}

  /// Its name is `colour-map`; it takes an image.
  public let descriptor = AdapterDescriptor(
    name: "colour-map",
    summary: "rough colours to follow",
    input: .image,
    inputSummary: "a painting of large patches of colour; details do not matter",
    shorthand: "paint",
    options: [
      .whole("cells", "patches of colour on each side; fewer are rougher", range: 1...64, default: 12)
    ])

  /// The map, which lies on the model's canvas already, reduced to patches that run into each other.
  public func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    guard case .image(let image) = input else { throw ColourMapError.notAnImage }
    let painting = image.image
    let cells = options.whole("cells")
    let patches = painting.resized(to: ImageSize(width: cells, height: cells), filter: .box)
      .resized(to: ImageSize(width: painting.width, height: painting.height), filter: .bilinear)
    return [PreparedControl(values: patches.tensor, image: patches)]
  }

  /// Fits every model.
  public func fit(to model: AdapterModel) throws -> any FittedAdapter { FittedColourMap() }
}

/// An encoder of what the model has: its tokenizer and its output layer.
private struct FittedColourMap: FittedAdapter {
  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    guard let tokenizer = parts.tokenizer as? VQTokenizer else { throw ColourMapError.noTokenizer }
    return ColourMapEncoder(decoder: parts.decoder, tokenizer: tokenizer)
  }
}

/// Turns painted colours into directions of the decoder's output layer.
private struct ColourMapEncoder: ControlEncoder {
  let decoder: any ImageDecoder
  let tokenizer: VQTokenizer
  /// The length of a condition token at strength 1: enough to colour a shape without making one.
  private static let length: Float = 6

  func encode(_ batch: [PreparedControl]) throws -> Condition {
    let layout = decoder.layout
    let values = try batch.flatMap { try directions(of: $0.values.reshaped([1] + $0.values.shape)) }
    let condition = Tensor(shape: [batch.count, layout.tokens, layout.dim], values: values)
    return Condition(tokens: [layout.injectableLayers - 1: condition])
  }

  /// For each token, the mean output row of codes like the one that the pixels have, against the mean of all codes.
  private func directions(of pixels: Tensor) throws -> [Float] {
    let codes = try tokenizer.encode(pixels).codes[0]
    let vectors = tokenizer.codeVectors(Array(0..<tokenizer.configuration.codebook))
    let likeness = tokenizer.codeVectors(codes).linear(vectors).scaled(by: 20)
    let output = centred(decoder.outputWeights)
    return (0..<codes.count).flatMap { position in
      let weights = softmax(likeness.slice(position..<position + 1).values)
      var sum = [Float](repeating: 0, count: output[0].count)
      for (code, weight) in weights.enumerated() where weight > 1e-4 {
        for index in sum.indices { sum[index] += weight * output[code][index] }
      }
      let norm = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return sum.map { $0 * Self.length / max(norm, 1e-12) }
    }
  }

  private func centred(_ weights: Tensor) -> [[Float]] {
    let rows = (0..<weights.shape[0]).map { weights.slice($0..<$0 + 1).values }
    let mean = rows.reduce([Float](repeating: 0, count: weights.shape[1])) { sum, row in zip(sum, row).map(+) }
      .map { $0 / Float(rows.count) }
    return rows.map { zip($0, mean).map(-) }
  }

  private func softmax(_ values: [Float]) -> [Float] {
    let largest = values.max() ?? 0
    let weights = values.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }
}

/// A colour map that cannot be used.
public enum ColourMapError: Error, CustomStringConvertible {
  /// The input is not an image.
  case notAnImage
  /// The model has no VQ tokenizer to tell the colours of codes.
  case noTokenizer

  /// What was found, and what was expected.
  public var description: String {
    switch self {
    case .notAnImage: "colour-map takes an image"
    case .noTokenizer: "colour-map needs a model with a VQ tokenizer, which tells the codes of colours"
    }
  }
}
