import ARPG

extension TwoPassConfiguration {
  /// Reads the sizes off the shapes of a checkpoint's tensors. What the shapes do not tell may be given.
  ///
  /// - Parameters:
  ///   - source: the checkpoint.
  ///   - heads: the number of heads; by default heads of 64, as in the published sizes.
  ///   - classes: the number of classes, checked against the rows of the embeddings.
  ///   - tokens: the number of codes of an image; 256 in the published sizes.
  ///   - ropeBase: the base of the rotary frequencies.
  ///   - normEps: what RMSNorm adds to the mean square.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what to give.
  public init(
    inferredFrom source: any ParameterSource, heads: Int? = nil, classes: Int? = nil, tokens: Int? = nil,
    ropeBase: Float = 10_000, normEps: Float = 1e-5
  ) throws(ConfigurationError) {
    let embeddings = try source.matrix("embeddings.weight", of: "an ARPG decoder")
    let head = try source.matrix("head.weight", of: "an ARPG decoder")
    let gate = try source.matrix("layers.self_dec.0.ffn.w1.weight", of: "an ARPG decoder")
    let layers = source.run { "layers.self_dec.\($0).attn.to_q.weight" }
    let (dim, rows, vocab) = (embeddings.columns, embeddings.rows, head.rows)
    guard rows - vocab >= 4 else {
      throw .notInferable(
        source: source.sourceName, found: "embeddings.weight has \(rows) rows beside the \(vocab) of head.weight",
        remedy: "expected a row for each code, the mask, each class, no class, and one more")
    }
    if let classes, classes != rows - vocab - 3 {
      throw .notInferable(
        source: source.sourceName, found: "its embeddings are those of \(rows - vocab - 3) classes, not \(classes)",
        remedy: "leave out classes, or give \(rows - vocab - 3)")
    }
    if heads == nil, !dim.isMultiple(of: 64) {
      throw .notInferable(
        source: source.sourceName, found: "the number of heads is unknown, since dim is \(dim), no multiple of 64",
        remedy: "give heads")
    }
    self.init(
      dim: dim, layers: 2 * layers, heads: heads ?? dim / 64, hidden: gate.rows, vocab: vocab,
      classes: rows - vocab - 3, tokens: tokens ?? 256, ropeBase: ropeBase, normEps: normEps)
    try validate()
  }
}
