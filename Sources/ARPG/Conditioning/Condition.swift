import ARPGTensor

/// What a control gives the decoder: tokens in front of the first pass, condition tokens for the second, or both.
///
/// The first pass, and with it the key-value cache, sees the prefix only; condition tokens touch queries alone. So they
/// may change from one step to the next.
public struct Condition: Sendable {
  /// Tokens that the first pass sees before any code: a class is one of them, a text would be several.
  public var prefix: Prefix?
  /// Condition tokens by second-pass layer, each `[batch, tokens, dim]` in raster order; a batch of 1 serves all images.
  /// The token of a position is added to the query that predicts it (ControlAR, arXiv 2410.02705, section 3.3).
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

    /// A prefix; see the properties.
    public init(embeddings: Tensor, null: Tensor) {
      self.embeddings = embeddings
      self.null = null
    }
  }

  /// The number of images it describes: 1 where it serves any number.
  public var batch: Int {
    max(prefix?.embeddings.shape[0] ?? 1, tokens.values.map { $0.shape[0] }.max() ?? 1)
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

  /// A control in use, everywhere and at all times unless told otherwise.
  public init(_ condition: Condition, strength: Float = 1, window: Range<Double> = 0..<1, region: [Float]? = nil) {
    self.condition = condition
    self.strength = strength
    self.window = window
    self.region = region
  }
}

extension ActiveControl {
  /// The same control for a batch made of some of its rows; one that serves all images stays as it is.
  func selecting(_ rows: [Int]) -> ActiveControl {
    var control = self
    control.condition.prefix?.embeddings =
      condition.prefix?.embeddings.selectingBatch(rows) ?? Tensor(shape: [0], values: [])
    control.condition.tokens = condition.tokens.mapValues { $0.selectingBatch(rows) }
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
