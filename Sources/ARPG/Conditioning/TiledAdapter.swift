import ARPGTensor

extension Pipeline {
  /// Fits an adapter to the model. One that suits images of the size of training alone sees an image of another size in tiles of
  /// that size.
  ///
  /// - Throws: what fitting throws; for an adapter that suits neither size, what it says of that of training.
  func fit(_ adapter: any ControlAdapter, to own: AdapterModel) throws -> any FittedAdapter {
    guard model.imageSize != model.trainedSize else { return try adapter.fit(to: own) }
    if let fitted = try? adapter.fit(to: own) { return fitted }
    let trained = model.trainedDecoder
    let tile = try model.adapterModel(adapter.descriptor.name, layout: trained.layout, imageSize: model.trainedSize)
    return TiledAdapter(
      name: adapter.descriptor.name, fitted: try adapter.fit(to: tile), tile: trained.layout,
      tileSize: model.trainedSize,
      whole: model.layout, wholeSize: model.imageSize, decoder: trained)
  }
}

/// An adapter that suits one size, for images of another: it encodes tiles that overlap by half, and their condition tokens
/// run into each other.
private struct TiledAdapter: FittedAdapter {
  let name: String
  let fitted: any FittedAdapter
  let tile: DecoderLayout, tileSize: ImageSize
  let whole: DecoderLayout, wholeSize: ImageSize
  /// Of tiles.
  let decoder: any ImageDecoder

  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder {
    let parts = ModelParts(decoder: decoder, tokenizer: parts.tokenizer)
    return TiledEncoder(adapter: self, encoder: try fitted.makeEncoder(parameters, for: parts))
  }
}

/// Encodes control images in tiles.
private struct TiledEncoder: ControlEncoder {
  let adapter: TiledAdapter
  let encoder: any ControlEncoder

  var nullPrefix: Tensor? { encoder.nullPrefix }

  /// Encodes control images `[3, height, width]` of the size of the model's images.
  ///
  /// - Throws: ``ControlError/size(adapter:_:)`` where the controls are none, or give more than condition tokens.
  func encode(_ batch: [PreparedControl]) throws -> Condition {
    let whole = adapter.whole, tile = adapter.tile, dim = whole.dim, size = adapter.wholeSize
    let error = ControlError.size(adapter: adapter.name, size)
    guard batch.allSatisfy({ $0.values.shape == [3, size.height, size.width] }) else { throw error }
    var sums: [Int: [Float]] = [:]
    var weights = Array<Float>(repeating: 0, count: whole.tokens)
    for row in Tiling.starts(of: tile.rows, along: whole.rows) {
      for column in Tiling.starts(of: tile.columns, along: whole.columns) {
        let condition = try encoder.encode(batch.map { part(of: $0, row: row, column: column) })
        let shape = [batch.count, tile.tokens, dim]
        guard condition.prefix == nil, condition.tokens.values.allSatisfy({ $0.shape == shape }) else { throw error }
        // Tiles along an axis that is shorter than they are end beyond it.
        let cells = (0..<tile.tokens).filter {
          row + $0 / tile.columns < whole.rows && column + $0 % tile.columns < whole.columns
        }
        let targets = cells.map { (row + $0 / tile.columns) * whole.columns + column + $0 % tile.columns }
        let shares = cells.map {
          Self.weight($0 / tile.columns, tile.rows) * Self.weight($0 % tile.columns, tile.columns)
        }
        for (target, share) in zip(targets, shares) { weights[target] += share }
        for (layer, tokens) in condition.tokens {
          let values = tokens.values
          var sum = sums[layer] ?? Array(repeating: 0, count: batch.count * whole.tokens * dim)
          for image in batch.indices {
            for (slot, cell) in cells.enumerated() {
              let from = (image * tile.tokens + cell) * dim, to = (image * whole.tokens + targets[slot]) * dim
              for index in 0..<dim { sum[to + index] += shares[slot] * values[from + index] }
            }
          }
          sums[layer] = sum
        }
      }
    }
    return Condition(
      tokens: sums.mapValues { sum in
        Tensor(
          shape: [batch.count, whole.tokens, dim],
          values: sum.enumerated().map { $1 / weights[$0 / dim % whole.tokens] })
      })
  }

  /// The control image that a tile shows; beyond the border its last pixels go on.
  private func part(of control: PreparedControl, row: Int, column: Int) -> PreparedControl {
    let size = adapter.tileSize, whole = adapter.wholeSize, values = control.values.values
    let top = row * size.height / adapter.tile.rows, left = column * size.width / adapter.tile.columns
    var part: [Float] = []
    part.reserveCapacity(3 * size.width * size.height)
    for channel in 0..<3 {
      for y in top..<top + size.height {
        let start = (channel * whole.height + min(y, whole.height - 1)) * whole.width
        for x in left..<left + size.width { part.append(values[start + min(x, whole.width - 1)]) }
      }
    }
    return PreparedControl(values: Tensor(shape: [3, size.height, size.width], values: part))
  }

  /// How much a cell of a tile counts: most in the middle.
  private static func weight(_ index: Int, _ side: Int) -> Float { Float(min(index + 1, side - index)) }
}
