import ARPG
import ARPGTensor
import LlamaGenDecoder

/// The decoder of RandAR (arXiv 2412.01827): a causal transformer in which an instruction stands before each code and says
/// which position comes next.
///
/// The rows are `[class, q(o0), x(o0), q(o1), x(o1), ...]` for an order `o`: an instruction `q` and a code `x` turn with
/// their position, and a code is predicted by its instruction. Instructions are one learnt vector, each of whose heads is
/// turned by the position before it enters.
public struct RandARDecoder: ImageDecoder {
  /// The sizes.
  public let configuration: RandARConfiguration
  /// What the rest of the program needs to know.
  public private(set) var layout: DecoderLayout
  let transformer: CausalTransformer
  private(set) var rotary: RotaryTable
  private let codes, classes: Embedding
  private let instruction: Tensor

  /// Takes the tensors of a published checkpoint by their names there.
  public init(_ configuration: RandARConfiguration, _ parameters: ParameterReader) {
    let sizes = configuration.sizes
    let parameters = parameters.initializing(.normal(deviation: 0.02))
    self.configuration = configuration
    classes = Embedding(
      rows: sizes.classes + 1, dim: sizes.dim, parameters.scoped("cls_embedding.embedding_table."))
    codes = Embedding(rows: sizes.vocab, dim: sizes.dim, parameters.scoped("tok_embeddings."))
    instruction = parameters.tensor("pos_instruct_embeddings", 1, sizes.dim)
    transformer = CausalTransformer(sizes, parameters)
    layout = configuration.layout
    rotary = sizes.rotary(rows: layout.rows, columns: layout.columns)
  }

  /// The same weights for a grid of twice the side, the one that is published (arXiv 2412.01827, section 4.3).
  public func extended(toRows rows: Int, columns: Int) throws(DecoderError) -> any ImageDecoder {
    let grid = configuration.sizes.grid
    guard [grid, 2 * grid].contains(rows), rows == columns else {
      throw .grid(
        rows: rows, columns: columns, family: Self.architecture,
        expected: "\(grid) x \(grid) and \(2 * grid) x \(2 * grid)")
    }
    return extended(toRows: rows, columns: columns, fastRates: 2)
  }

  /// The same weights for another grid.
  ///
  /// - Parameter fastRates: how many of the fastest rates of each axis keep their pace.
  func extended(toRows rows: Int, columns: Int, fastRates: Int) -> RandARDecoder {
    var decoder = self
    (decoder.layout.rows, decoder.layout.columns) = (rows, columns)
    decoder.rotary = configuration.sizes.rotary(rows: rows, columns: columns, fastRates: fastRates)
    return decoder
  }

  /// Embedded codes of sequences of one length, one behind the other: `[sequences, length, dim]`.
  func embed(_ codes: [Int], sequences: Int) -> Tensor {
    self.codes(codes).reshaped(sequences, codes.count / sequences, configuration.sizes.dim)
  }

  /// The instructions for some rows of a rotary table, `[sequences, length, dim]`.
  ///
  /// - Parameters:
  ///   - places: `length` of them, shared by all sequences, or `sequences * length`.
  ///   - length: how many there are in a sequence.
  ///   - sequences: how many sequences there are.
  func instructions(at places: [Int], length: Int, sequences: Int) -> Tensor {
    let rows = instruction.selectingRows(Array(repeating: 0, count: sequences * length))
    return rotary.rotate(rows.reshaped(sequences, length, configuration.sizes.dim), at: places)
  }

  /// The weights of the output layer, `[vocab, dim]`.
  public var outputWeights: Tensor { transformer.outputWeights }

  /// The row of no class, `[1, 1, dim]`.
  public var nullPrefix: Tensor {
    classes([configuration.sizes.classes]).reshaped(1, 1, configuration.sizes.dim)
  }

  /// The rows of classes, `[classes, 1, dim]`.
  public func prefix(ofClasses classes: [Int?]) throws(DecoderError) -> Tensor {
    let count = configuration.sizes.classes
    for case let index? in classes where !(0..<count ~= index) {
      throw .classOutOfRange(index, classes: count)
    }
    return self.classes(classes.map { $0 ?? count }).reshaped(classes.count, 1, configuration.sizes.dim)
  }

  /// Begins to decode a batch of images.
  public func makeState(_ start: DecodingStart) -> any DecodingState { RandARState(self, start) }
}
