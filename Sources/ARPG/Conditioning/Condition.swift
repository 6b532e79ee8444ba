import ARPGTensor

/// What a control gives the decoder: a prefix in front of the codes, condition tokens, or both.
public struct Condition: Sendable {
  /// Tokens that stand in front of all codes: a class is one of them, a text is several.
  public var prefix: Prefix?
  /// Condition tokens by layer, each `[batch, tokens, dim]` in raster order; a batch of 1 serves all images. The token of a
  /// position is added to the row that predicts it (ControlAR, arXiv 2410.02705, section 3.3).
  public var tokens: [Int: Tensor]

  /// A condition; see the properties.
  public init(prefix: Prefix? = nil, tokens: [Int: Tensor] = [:]) {
    self.prefix = prefix
    self.tokens = tokens
  }

  /// The tokens of a prefix, and what stands in their place where guidance drops the condition.
  public struct Prefix: Sendable {
    /// `[batch, length, dim]`.
    public var embeddings: Tensor
    /// `[1, length, dim]`.
    public var null: Tensor
    /// For each row, how many of its first tokens are padding that nothing sees, so that prefixes of several lengths fill
    /// one batch; nil for none.
    public var padding: [Int]?
    /// Whether it stands in the place of the decoder's own null prefix, as a class and a text do. Where no prefix does, the
    /// null prefix stands in front of all others, as it does in training.
    public var replacesNull: Bool

    /// A prefix; see the properties.
    public init(embeddings: Tensor, null: Tensor, padding: [Int]? = nil, replacesNull: Bool = false) {
      self.embeddings = embeddings
      self.null = null
      self.padding = padding
      self.replacesNull = replacesNull
    }
  }

  /// The number of images it describes: 1 where it serves any number.
  public var batch: Int {
    max(prefix?.embeddings.shape[0] ?? 1, tokens.values.map { $0.shape[0] }.max() ?? 1)
  }

  /// The condition of some of its images; one that serves all images stays as it is.
  func selecting(_ images: [Int]) -> Condition {
    Condition(
      prefix: prefix.map { prefix in
        Prefix(
          embeddings: prefix.embeddings.selectingBatch(images), null: prefix.null,
          padding: prefix.padding.map { padding in padding.count > 1 ? images.map { padding[$0] } : padding },
          replacesNull: prefix.replacesNull)
      },
      tokens: tokens.mapValues { $0.selectingBatch(images) })
  }
}

/// A condition in use: how strongly, when and where.
public struct ActiveControl: Sendable {
  /// What it gives the decoder.
  public var condition: Condition
  /// The factor of its condition tokens; 0 is exactly no control.
  public var strength: Float
  /// The part of the image's decoding during which its condition tokens act, as a fraction of tokens decoded: a step acts
  /// that begins at `window.lowerBound` or later and before `window.upperBound`.
  public var window: Range<Double>
  /// The factor of its condition tokens by raster position, in 0 ... 1; nil is 1 everywhere.
  public var region: [Float]?
  /// The scale of guidance for its condition tokens alone, at the cost of a row more for each sample; nil guides them with all
  /// that has no scale of its own. The logits are `u + s · (b - u) + g · (c - b)`: `u` with nothing, `b` with the prefix and the
  /// controls without a scale of their own, `c` as `b` and with this control; the last term once for each such control (the
  /// conjunction of Liu et al., arXiv 2206.01714).
  public var guidance: Float?
  /// How much it says at each raster position, 0 or more, for each image that it describes, or once for all of them: what an
  /// order by edges goes by, and nothing else. Nil where it does not tell.
  public var detail: [[Float]]?

  /// A control in use, everywhere and at all times unless told otherwise.
  public init(
    _ condition: Condition, strength: Float = 1, window: Range<Double> = 0..<1, region: [Float]? = nil,
    guidance: Float? = nil, detail: [[Float]]? = nil
  ) {
    self.condition = condition
    self.strength = strength
    self.window = window
    self.region = region
    self.guidance = guidance
    self.detail = detail
  }

  /// The same control for some of its images.
  func selecting(_ images: [Int]) -> ActiveControl {
    var control = self
    control.condition = condition.selecting(images)
    control.detail = detail.map { rows in rows.count > 1 ? images.map { rows[$0] } : rows }
    return control
  }
}

extension Tensor {
  fileprivate func selectingBatch(_ rows: [Int]) -> Tensor {
    guard shape[0] > 1 else { return self }
    let row = count / shape[0]
    return reshaped(shape[0], row).selectingRows(rows).reshaped([rows.count] + shape.dropFirst())
  }
}
