import ARPG

extension ControlARConfiguration {
  /// Reads the settings off the shapes of an adapter's tensors. What the shapes do not tell may be given.
  ///
  /// - Parameters:
  ///   - source: the adapter's tensors.
  ///   - heads: the number of the encoder's heads; by default heads of 64, as in the published sizes.
  ///   - inject: the second-pass layers where condition tokens are added; by default those at 0, 1/3 and 2/3 of the depth.
  /// - Throws: ``/ARPG/ConfigurationError``, which says what to give.
  public init(inferredFrom source: any ParameterSource, heads: Int? = nil, inject: [Int]? = nil)
    throws(ConfigurationError)
  {
    let source = source.adapterTensors
    let dim = try source.matrix("adapter_mlp.fc2.weight", of: "an adapter").rows
    self.init(
      encoder: try VisionEncoderConfiguration(inferredFrom: source, prefix: "encoder.", heads: heads), inject: inject,
      dim: dim)
    try validate()
  }
}

extension VisionEncoderConfiguration {
  /// Reads kind and sizes off the shapes of an encoder's tensors.
  ///
  /// - Parameters:
  ///   - source: the tensors.
  ///   - prefix: what stands before the encoder's own names: `encoder.` in an adapter.
  ///   - heads: the number of heads; by default heads of 64, as in the published sizes.
  /// - Throws: ``/ARPG/ConfigurationError``, which says what to give.
  public init(inferredFrom source: any ParameterSource, prefix: String = "", heads: Int? = nil)
    throws(ConfigurationError)
  {
    func shape(_ name: String, axes: Int) throws(ConfigurationError) -> [Int] {
      try source.shape(prefix + name, axes: axes, of: "a vision encoder")
    }
    func fail(_ found: String, _ remedy: String) -> ConfigurationError {
      .notInferable(source: source.sourceName, found: found, remedy: remedy)
    }
    let stem = source.run { "\(prefix)embeddings.stem.\($0).weight" }
    let isConvolutional = stem > 0
    let positions = try shape("embeddings.position_embeddings", axes: 3)
    let hidden = positions[2], places = isConvolutional ? positions[1] : positions[1] - 1
    let patch: Int
    if isConvolutional {
      patch = 1 << min(stem - 1, 16)
    } else {
      patch = try shape("embeddings.patch_embeddings.projection.weight", axes: 4)[3]
    }
    let grid = Int(Double(max(0, places)).squareRoot().rounded())
    guard grid * grid == places, grid > 0, 1...1 << 8 ~= patch else {
      throw fail(
        "\(prefix)embeddings.position_embeddings has \(positions[1]) rows, patches have a side of \(patch)",
        "expected a row for each place of a square grid, one more where there is a class token, and patches of at most "
          + "\(1 << 8) pixels")
    }
    if heads == nil, !hidden.isMultiple(of: 64) {
      throw fail(
        "the number of the encoder's heads is unknown, since its width is \(hidden), no multiple of 64", "give heads")
    }
    let layer = prefix + "encoder.layer.0."
    let isDINOv2 = source.shape(of: layer + "norm1.weight") != nil
    guard isDINOv2 || source.shape(of: layer + "layernorm_before.weight") != nil else {
      throw fail(
        "neither \(layer)layernorm_before.weight nor \(layer)norm1.weight is there", "expected a ViT or a DINOv2")
    }
    let up = try shape("encoder.layer.0." + (isDINOv2 ? "mlp.fc1.weight" : "intermediate.dense.weight"), axes: 2)
    let sizes = VisionTransformerConfiguration(
      image: grid * patch, patch: patch, hidden: hidden, heads: heads ?? hidden / 64,
      layers: source.run { "\(prefix)encoder.layer.\($0).attention.attention.query.weight" }, intermediate: up[0])
    self = isConvolutional ? .convolutional(sizes) : isDINOv2 ? .dinov2(sizes) : .vit(sizes)
    try validate()
  }
}
