import ARPG
import ARPGTensor

/// An adapter of a library that makes condition tokens itself. It fits every model, without weights.
struct TokenAdapter: ControlAdapter, ControlPreprocessor {
  let descriptor: AdapterDescriptor
  let library: LibraryAdapter

  func preprocess(
    _ input: AdapterInput, options: OptionValues, in context: PreprocessingContext
  ) throws -> [PreparedControl] {
    [try library.preprocess(input, options: options, of: descriptor, in: context)]
  }

  func fit(to model: AdapterModel) throws -> any FittedAdapter { Fitted(library: library) }

  private struct Fitted: FittedAdapter {
    let library: LibraryAdapter

    func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
      Encoder(library: library, decoder: parts.decoder)
    }
  }
}

/// Has a library make the condition tokens of each control and layer.
private struct Encoder: ControlEncoder {
  let library: LibraryAdapter
  let decoder: any ImageDecoder

  func encode(_ batch: [PreparedControl]) throws -> Condition {
    let layout = decoder.layout, weights = decoder.outputWeights, controls = batch.map(\.values)
    for control in controls where control.shape.count != 3 || control.shape[0] != 3 {
      throw library.refused("its control has the shape \(control.shape), expected [3, height, width]")
    }
    var condition = Condition()
    for layer in 0..<layout.injectableLayers {
      let tokens = try controls.map {
        try library.tokens(of: $0, layer: layer, layout: layout, outputWeights: weights)
      }
      let given = tokens.compactMap { $0 }
      guard !given.isEmpty else { continue }
      guard given.count == batch.count else {
        throw library.wrong(
          "tokens for layer \(layer) of \(given.count) of \(batch.count) controls", "the same layers for all controls")
      }
      condition.tokens[layer] = Tensor(
        shape: [batch.count, layout.tokens, layout.dim], values: Array(given.joined()))
    }
    guard !condition.tokens.isEmpty else {
      throw library.wrong("ARPG_NOTHING for each layer", "tokens for one layer at least")
    }
    return condition
  }
}
