import ARPG

extension CausalSizes {
  /// Reads the sizes off the shapes of a checkpoint's tensors. What the shapes do not tell must be given.
  ///
  /// - Parameters:
  ///   - source: the checkpoint.
  ///   - model: what the checkpoint is of, for errors.
  ///   - hints: the number of heads where heads are not of 64 values, or of 100 at a width of 3200; classes are checked.
  ///   - grid: the side of the grid of codes.
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what to give.
  public init(
    inferredFrom source: any ParameterSource, of model: String, _ hints: DecoderHints, grid: Int
  ) throws(ConfigurationError) {
    func fail(_ found: String, _ remedy: String) -> ConfigurationError {
      .notInferable(source: source.sourceName, found: found, remedy: remedy)
    }
    let embeddings = try source.matrix("tok_embeddings.weight", of: model), dim = embeddings.columns
    let inputs = try source.matrix("layers.0.attention.wqkv.weight", of: model).rows
    guard inputs == 3 * dim else {
      throw fail(
        "layers.0.attention.wqkv.weight has \(inputs) rows",
        "expected \(3 * dim): as many heads of keys and values as of "
          + "queries")
    }
    let table = "cls_embedding.embedding_table.weight"
    let classes = source.shape(of: table) == nil ? 0 : try source.matrix(table, of: model).rows - 1
    if let given = hints.classes, given != classes {
      throw fail(
        "its embeddings are those of \(classes) classes, not \(given)", "leave out classes, or give \(classes)")
    }
    guard let heads = hints.heads ?? (dim == 3200 ? 32 : dim.isMultiple(of: 64) ? dim / 64 : nil) else {
      throw fail("the number of heads is unknown, since dim is \(dim), no multiple of 64", "give heads")
    }
    try ConfigurationError.require(1...256 ~= grid, "grid", grid, "1 to 256")
    self.init(
      dim: dim, layers: source.run { "layers.\($0).attention.wqkv.weight" }, heads: heads,
      hidden: try source.matrix("layers.0.feed_forward.w1.weight", of: model).rows, vocab: embeddings.rows,
      classes: max(0, classes), tokens: grid * grid)
  }
}
