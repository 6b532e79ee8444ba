import ARPG

extension ControlARConfiguration {
  /// Checks that the condition tokens of an adapter suit a decoder, by settings and shapes alone: no tensor is read.
  ///
  /// - Parameters:
  ///   - adapter: its name, for the error.
  ///   - source: its tensors.
  ///   - decoder: the decoder's layout.
  ///   - image: the size of the model's images in pixels.
  /// - Throws: ``ControlARError/misfit(adapter:differences:)`` with everything that differs.
  public func checkFit(
    adapter: String, source: any ParameterSource, decoder: DecoderLayout, image: ImageSize
  ) throws(ControlARError) {
    let differences =
      widthDifferences(source, decoder) + layerDifferences(source, decoder) + gridDifferences(decoder, image)
    if !differences.isEmpty { throw .misfit(adapter: adapter, differences: differences) }
  }

  private func widthDifferences(_ source: any ParameterSource, _ decoder: DecoderLayout) -> [String] {
    let name = "condition_mlp.fc1.weight"
    if let shape = source.shape(of: name), shape != [decoder.dim, decoder.dim] {
      return ["\(name) is \(shape), the decoder's width is \(decoder.dim)"]
    }
    guard let dim, dim != decoder.dim else { return [] }
    return ["its dim is \(dim), the decoder's width is \(decoder.dim)"]
  }

  private func layerDifferences(_ source: any ParameterSource, _ decoder: DecoderLayout) -> [String] {
    let layers = decoder.injectableLayers
    let inject = network(for: decoder).inject
    if let deepest = inject.last, deepest >= layers {
      return ["it is injected at layer \(deepest), the decoder takes condition tokens at the layers 0 to \(layers - 1)"]
    }
    let found = source.run { "condition_layers.\($0).fc1.weight" }
    guard found != inject.count else { return [] }
    return ["it has condition_layers for \(found) layers, and is injected at the layers \(inject)"]
  }

  private func gridDifferences(_ decoder: DecoderLayout, _ image: ImageSize) -> [String] {
    let size = encoder.inputSize(image: image, rows: decoder.rows, columns: decoder.columns), patch = encoder.patch
    guard size.width.isMultiple(of: patch), size.height.isMultiple(of: patch) else {
      return ["its patches of \(patch) pixels do not tile images of \(size.width) x \(size.height)"]
    }
    let columns = size.width / patch, rows = size.height / patch
    if columns * rows != decoder.tokens {
      return ["\(decoder.tokens) tokens expected, the encoder gives \(columns * rows)"]
    }
    guard columns != decoder.columns else { return [] }
    return ["a grid of \(decoder.columns) x \(decoder.rows) tokens expected, the encoder gives \(columns) x \(rows)"]
  }
}
