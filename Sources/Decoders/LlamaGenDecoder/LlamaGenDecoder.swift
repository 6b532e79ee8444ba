import ARPG
import ARPGTensor

/// The decoder of LlamaGen (arXiv 2406.06525): a causal transformer over a prefix and the codes in raster order.
///
/// Row `prefix - 1 + t` predicts code `t`, which enters as the next row, at its own place of the grid. Prefix rows do not turn.
public struct LlamaGenDecoder: ImageDecoder {
  /// The sizes.
  public let configuration: LlamaGenConfiguration
  /// What the rest of the program needs to know.
  public private(set) var layout: DecoderLayout
  let transformer: CausalTransformer
  private(set) var rotary: RotaryTable
  private let codes: Embedding
  private let condition: ConditionEmbedding

  /// What a prefix is made of.
  private enum ConditionEmbedding: Sendable {
    /// A row for each class, and one for none.
    case classes(Embedding)
    /// Features of a text, and those that stand for none, `[length, width]`.
    case text(MLP, null: Tensor)
  }

  /// Takes the tensors of a published checkpoint by their names there.
  public init(_ configuration: LlamaGenConfiguration, _ parameters: ParameterReader) {
    let sizes = configuration.sizes
    let parameters = parameters.initializing(.normal(deviation: 0.02)), prefix = parameters.scoped("cls_embedding.")
    self.configuration = configuration
    if let text = configuration.text {
      condition = .text(
        MLP(text.width, inner: sizes.dim, sizes.dim, activation: .geluTanh, prefix.scoped("cap_proj.")),
        null: prefix.tensor("uncond_embedding", text.maxLength, text.width))
    } else {
      condition = .classes(Embedding(rows: sizes.classes + 1, dim: sizes.dim, prefix.scoped("embedding_table.")))
    }
    codes = Embedding(rows: sizes.vocab, dim: sizes.dim, parameters.scoped("tok_embeddings."))
    transformer = CausalTransformer(sizes, parameters)
    layout = configuration.layout
    rotary = sizes.rotary(rows: layout.rows, columns: layout.columns)
  }

  /// The same weights for another grid; slow rotary rates are squeezed along an axis that is longer than in training (RandAR,
  /// arXiv 2412.01827, section 4.3).
  public func extended(toRows rows: Int, columns: Int) -> any ImageDecoder {
    var decoder = self
    (decoder.layout.rows, decoder.layout.columns) = (rows, columns)
    decoder.rotary = configuration.sizes.rotary(rows: rows, columns: columns)
    return decoder
  }

  /// Embedded codes of sequences of one length, one behind the other: `[sequences, length, dim]`.
  func embed(_ codes: [Int], sequences: Int) -> Tensor {
    self.codes(codes).reshaped(sequences, codes.count / sequences, configuration.sizes.dim)
  }

  /// The weights of the output layer, `[vocab, dim]`.
  public var outputWeights: Tensor { transformer.outputWeights }

  /// The prefix of no condition: one row for no class, or all rows of the null text.
  public var nullPrefix: Tensor {
    let dim = configuration.sizes.dim
    switch condition {
    case .classes(let table): return table([configuration.sizes.classes]).reshaped(1, 1, dim)
    case .text(let project, let null): return project(null).reshaped(1, null.shape[0], dim)
    }
  }

  /// The rows of classes, `[classes, 1, dim]`; without classes only that of none, as long as the null text.
  public func prefix(ofClasses classes: [Int?]) throws(DecoderError) -> Tensor {
    let count = configuration.sizes.classes, dim = configuration.sizes.dim
    for case let index? in classes where !(0..<count ~= index) {
      throw count == 0 ? .noClasses : .classOutOfRange(index, classes: count)
    }
    guard case .classes(let table) = condition else {
      let null = nullPrefix, rows = null.shape[1]
      return null.reshaped(rows, dim).selectingRows(classes.flatMap { _ in 0..<rows })
        .reshaped(classes.count, rows, dim)
    }
    return table(classes.map { $0 ?? count }).reshaped(classes.count, 1, dim)
  }

  /// The projected features of texts, the shorter ones behind padding. The null text shows its last rows, as many as the
  /// text has: no condition depends on the length of what it stands for, as in the published sampler.
  public func prefix(ofTexts features: [Tensor]) throws(DecoderError) -> Condition.Prefix {
    guard case .text(let project, let null) = condition, let text = configuration.text else { throw .noText }
    for tensor in features
    where tensor.shape.count != 2 || tensor.shape[1] != text.width
      || !(1...text.maxLength ~= tensor.shape[0])
    {
      throw .textShape(found: tensor.shape, expected: text)
    }
    let length = features.map { $0.shape[0] }.max() ?? 0, dim = configuration.sizes.dim
    var values: [Float] = [], padding: [Int] = []
    for tensor in features {
      let missing = length - tensor.shape[0]
      values += Array(repeating: 0, count: missing * text.width) + tensor.values
      padding.append(missing)
    }
    let embedded = project(Tensor(shape: [features.count * length, text.width], values: values))
    return Condition.Prefix(
      embeddings: embedded.reshaped(features.count, length, dim),
      null: project(null.slice(text.maxLength - length..<text.maxLength)).reshaped(1, length, dim),
      padding: padding.contains { $0 > 0 } ? padding : nil, replacesNull: true)
  }

  /// Begins to decode a batch of images.
  public func makeState(_ start: DecodingStart) -> any DecodingState { LlamaGenState(self, start) }
}
