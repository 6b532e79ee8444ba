import ARPG

extension VisionTransformerConfiguration {
  /// Reads the sizes off the shapes of an encoder's tensors.
  ///
  /// - Parameters:
  ///   - source: the tensors.
  ///   - heads: the number of heads; nil for heads of 64, as in the published sizes.
  ///   - patch: the side of a patch.
  ///   - hasClassToken: whether the first row of the position embeddings belongs to a class token.
  ///   - up: the name of the first matrix of a layer's MLP, behind `encoder.layer.0.`.
  init(
    of source: any ParameterSource, heads: Int?, patch: Int, hasClassToken: Bool, up: String
  ) throws(ConfigurationError) {
    func fail(_ found: String, _ remedy: String) -> ConfigurationError {
      .notInferable(source: source.sourceName, found: found, remedy: remedy)
    }
    let model = "a vision encoder"
    let positions = try source.shape("embeddings.position_embeddings", axes: 3, of: model)
    let dim = positions[2], places = positions[1] - (hasClassToken ? 1 : 0)
    let grid = Int(Double(max(0, places)).squareRoot().rounded())
    guard grid * grid == places, grid > 0, 1...1 << 8 ~= patch else {
      throw fail(
        "embeddings.position_embeddings has \(positions[1]) rows, patches have a side of \(patch)",
        "expected a row for each place of a square grid, one more where there is a class token, and patches of at most "
          + "\(1 << 8) pixels")
    }
    if heads == nil, !dim.isMultiple(of: 64) {
      throw fail(
        "the number of the encoder's heads is unknown, since its width is \(dim), no multiple of 64", "give heads")
    }
    self.init(
      image: grid * patch, patch: patch, dim: dim, heads: heads ?? dim / 64,
      layers: source.run { "encoder.layer.\($0).attention.attention.query.weight" },
      hidden: try source.matrix("encoder.layer.0.\(up)", of: model).rows)
  }

  /// The sizes of an encoder whose patches are embedded by a linear layer, behind a class token.
  static func ofPatches(_ source: any ParameterSource, heads: Int?, up: String) throws(ConfigurationError) -> Self {
    let kernel = try source.shape("embeddings.patch_embeddings.projection.weight", axes: 4, of: "a vision encoder")
    return try Self(of: source, heads: heads, patch: kernel[3], hasClassToken: true, up: up)
  }
}
