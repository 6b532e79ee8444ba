import ARPG

extension ControlARConfiguration {
  /// Checks that the condition tokens of an adapter suit a decoder, by settings and shapes alone: no tensor is read.
  ///
  /// - Parameters:
  ///   - adapter: its name, for the error.
  ///   - source: its tensors.
  ///   - decoder: the decoder's sizes.
  ///   - image: the size of the model's images in pixels.
  /// - Throws: ``ControlARError/misfit(adapter:differences:)`` with everything that differs.
  public func checkFit(
    adapter: String, source: any ParameterSource, decoder: DecoderConfiguration, image: ImageSize
  ) throws(ControlARError) {
    let differences =
      widthDifferences(source, decoder) + layerDifferences(source, decoder) + gridDifferences(decoder, image)
    if !differences.isEmpty { throw .misfit(adapter: adapter, differences: differences) }
  }

  private func widthDifferences(_ source: any ParameterSource, _ decoder: DecoderConfiguration) -> [String] {
    let name = "condition_mlp.fc1.weight"
    if let shape = source.shape(of: name), shape != [decoder.dim, decoder.dim] {
      return ["\(name) is \(shape), the decoder's width is \(decoder.dim)"]
    }
    guard let dim, dim != decoder.dim else { return [] }
    return ["its dim is \(dim), the decoder's width is \(decoder.dim)"]
  }

  private func layerDifferences(_ source: any ParameterSource, _ decoder: DecoderConfiguration) -> [String] {
    let layers = decoder.layers / 2
    let inject = network(for: decoder).inject
    if let deepest = inject.last, deepest >= layers {
      return ["it is injected at layer \(deepest), the second pass has the layers 0 to \(layers - 1)"]
    }
    let found = source.run { "condition_layers.\($0).fc1.weight" }
    guard found != inject.count else { return [] }
    return ["it has condition_layers for \(found) layers, and is injected at the layers \(inject)"]
  }

  private func gridDifferences(_ decoder: DecoderConfiguration, _ image: ImageSize) -> [String] {
    let size = encoder.inputSize(image: image, grid: decoder.grid), patch = encoder.patch
    guard size.width.isMultiple(of: patch), size.height.isMultiple(of: patch) else {
      return ["its patches of \(patch) pixels do not tile images of \(size.width) x \(size.height)"]
    }
    let columns = size.width / patch, rows = size.height / patch
    if columns * rows != decoder.tokens {
      return ["\(decoder.tokens) tokens expected, the encoder gives \(columns * rows)"]
    }
    guard columns != decoder.grid else { return [] }
    return ["a grid of \(decoder.grid) x \(decoder.grid) tokens expected, the encoder gives \(columns) x \(rows)"]
  }
}
