extension DecoderConfiguration {
  /// Reads the sizes off the shapes of a checkpoint's tensors. What the shapes do not tell may be given.
  ///
  /// - Parameters:
  ///   - source: the checkpoint.
  ///   - heads: the number of heads; by default heads of 64, as in the published sizes.
  ///   - classes: the number of classes, checked against the rows of the embeddings.
  ///   - tokens: the number of codes of an image; 256 in the published sizes.
  ///   - ropeBase: the base of the rotary frequencies.
  ///   - normEps: what RMSNorm adds to the mean square.
  /// - Throws: ``ConfigurationError``, which says what to give.
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

extension ParameterSource {
  /// The sizes of a tensor of two axes.
  package func matrix(_ name: String, of model: String) throws(ConfigurationError) -> (rows: Int, columns: Int) {
    let shape = try self.shape(name, axes: 2, of: model)
    return (shape[0], shape[1])
  }

  /// The shape of a tensor that must be there and have a number of axes.
  package func shape(_ name: String, axes: Int, of model: String) throws(ConfigurationError) -> [Int] {
    guard let shape = shape(of: name) else {
      throw .notInferable(
        source: sourceName, found: "\(name) is missing", remedy: "expected a checkpoint of \(model)")
    }
    guard shape.count == axes else {
      throw .notInferable(
        source: sourceName, found: "\(name) has the shape \(shape)", remedy: "expected \(axes) axes")
    }
    return shape
  }

  /// How many of `name(0)`, `name(1)`, ... are there before the first that is not.
  package func run(_ name: (Int) -> String) -> Int {
    var count = 0
    while shape(of: name(count)) != nil { count += 1 }
    return count
  }
}
