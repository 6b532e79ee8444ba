import ARPGTensor

/// The positions that are decoded first of an image whose grid is not that of training: those that stand for a smaller grid,
/// spread evenly (RandAR, arXiv 2412.01827, section 4.3).
public struct CoarseGrid: Sendable {
  /// For each raster position of the smaller grid, the position that stands for it.
  public let positions: [Int]
  /// A decoder of the smaller grid, which decodes these positions as an image of its own whose codes the others then know;
  /// nil where they are decoded like the others, only earlier.
  public var decoder: (any ImageDecoder)?

  /// Spreads a grid over a larger one: row `r` of `n` stands where `r * rows / n`, rounded down, does; at twice the side, on
  /// the even rows.
  ///
  /// - Parameters:
  ///   - layout: of the smaller grid, no larger along either axis.
  ///   - rows: of the larger grid.
  ///   - columns: of the larger grid.
  ///   - decoder: of the smaller grid; see ``decoder``.
  public init(_ layout: DecoderLayout, spreadOverRows rows: Int, columns: Int, decoder: (any ImageDecoder)? = nil) {
    precondition(layout.rows <= rows && layout.columns <= columns, "\(layout.rows) rows are not spread over \(rows)")
    positions = (0..<layout.tokens).map { position in
      let (row, column) = position.quotientAndRemainder(dividingBy: layout.columns)
      return row * rows / layout.rows * columns + column * columns / layout.columns
    }
    self.decoder = decoder
  }

  /// An order with these positions in front.
  func beginning(_ order: [Int]) -> [Int] {
    let first = Set(positions)
    return order.filter(first.contains) + order.filter { !first.contains($0) }
  }

  /// A state that lets the decoder of the smaller grid begin; nil where there is none.
  func state(_ start: DecodingStart, before fine: any DecodingState) -> (any DecodingState)? {
    decoder.map { CoarseFirstState($0.makeState(start), positions, before: fine) }
  }
}

/// Decodes images of a smaller grid as long as only its positions are asked for; their codes are then known codes of the
/// larger grid.
private final class CoarseFirstState: DecodingState {
  /// Nil once other positions have been asked for.
  private var coarse: (any DecodingState)?
  private let fine: any DecodingState
  /// By position, that of the smaller grid.
  private let places: [Int: Int]
  /// What the state of the larger grid has not been told yet.
  private var known: (codes: [[Int]], positions: DecodingPositions)?

  init(_ coarse: any DecodingState, _ positions: [Int], before fine: any DecodingState) {
    self.coarse = coarse
    self.fine = fine
    places = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
  }

  func accept(_ codes: [[Int]], at positions: DecodingPositions) {
    guard let coarse else { return fine.accept(codes, at: positions) }
    known = known.map { (zip($0.codes, codes).map(+), $0.positions.joined(with: positions)) } ?? (codes, positions)
    let own = codes.enumerated().map { image, row in
      zip(positions[image], row).compactMap { position, code in places[position].map { (place: $0, code: code) } }
    }
    if !own[0].isEmpty { coarse.accept(own.map { $0.map(\.code) }, at: .ofEach(own.map { $0.map(\.place) })) }
  }

  func logits(at positions: DecodingPositions, conditions: StepConditions) -> Tensor {
    let own = positions.map { $0.compactMap { places[$0] } }
    if let coarse, own.count == positions.count {
      return coarse.logits(at: own, conditions: StepConditions { _ in conditions(at: positions) })
    }
    if coarse.take() != nil, let known { fine.accept(known.codes, at: known.positions) }
    return fine.logits(at: positions, conditions: conditions)
  }
}
