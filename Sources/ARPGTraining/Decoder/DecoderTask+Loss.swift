import ARPG
import ARPGTensor

extension DecoderTask {
  /// An image to predict, with what it is conditioned on.
  struct Row {
    let codes: [Int]
    /// The order in which the codes are predicted.
    let order: [Int]
    /// Its class; nil for none.
    let label: Int?
    /// The control of each adapter; nil where it has none.
    let controls: [PreparedControl?]
  }

  /// A sample as a row.
  ///
  /// - Parameters:
  ///   - sample: the image.
  ///   - index: its place in the data.
  ///   - data: that it is of.
  ///   - order: in which its codes are predicted.
  ///   - label: whether it keeps its class.
  ///   - controls: which adapters have a control.
  ///   - change: what becomes of a stored control.
  /// - Throws: where the sample does not suit the decoder, or a control cannot be read.
  func row(
    _ sample: TrainingData.Sample, at index: Int, of data: TrainingData, order: [Int], label: Bool, controls: [Bool],
    change: (any TrainableAdapter, PreparedControl) -> PreparedControl = { $1 }
  ) throws -> Row {
    try data.check(sample, at: index, for: layout)
    let context = context(of: data)
    return Row(
      codes: sample.codes, order: order, label: label ? sample.label : nil,
      controls: try zip(adapters, controls).map { trained, isKept in
        guard isKept else { return nil }
        return change(trained.adapter, try data.control(trained.adapter, of: index, sample, in: context))
      })
  }

  /// The mean cross-entropy of some rows.
  ///
  /// - Parameters:
  ///   - rows: at least one.
  ///   - parameters: may be tracked.
  ///   - dropout: of this step; nil for none.
  func loss(
    of rows: [Row], _ parameters: [String: Tensor], dropout: Dropout? = nil
  ) throws -> Tensor {
    let decoder = decoder(parameters)
    var conditions: [Int: Tensor] = [:]
    var prefix = try decoder.prefix(ofClasses: rows.map(\.label))
    for (number, trained) in adapters.enumerated() {
      let places = rows.indices.filter { rows[$0].controls[number] != nil }
      let given = rows.compactMap { $0.controls[number] }
      let encoder = try encoder(trained, parameters, for: decoder)
      let condition = given.isEmpty ? Condition() : try encoder.encode(given)
      if let tokens = condition.prefix {
        guard !tokens.replacesNull else {
          throw AdapterTrainingError.replacesClass(adapter: trained.adapter.descriptor.name)
        }
        prefix = prefix.joined(with: tokens.embeddings.spread(to: places, of: rows.count, elsewhere: tokens.null))
      } else if let null = encoder.nullPrefix {
        prefix = prefix.joined(with: null.spread(to: [], of: rows.count, elsewhere: null))
      }
      guard !given.isEmpty else { continue }
      for (layer, tensor) in condition.tokens.sorted(by: { $0.key < $1.key }) {
        let zeros = Tensor(shape: [1] + tensor.shape.dropFirst(), repeating: 0)
        let spread = tensor.spread(to: places, of: rows.count, elsewhere: zeros)
        conditions[layer] = conditions[layer].map { $0 + spread } ?? spread
      }
    }
    return decoder.trainingLoss(
      codes: rows.map(\.codes), orders: rows.map(\.order), prefix: prefix, conditions: conditions, dropout: dropout)
  }
}

extension Tensor {
  /// Puts the elements of a batch at some rows of a larger one, and another element at all other rows.
  fileprivate func spread(to rows: [Int], of batch: Int, elsewhere other: Tensor) -> Tensor {
    guard rows.count < batch else { return self }
    let size = other.count
    var places = Array(repeating: rows.count, count: batch)
    for (element, row) in rows.enumerated() { places[row] = element }
    let rest = other.reshaped(1, 1, size)
    let all = rows.isEmpty ? rest : reshaped(1, shape[0], size).joined(with: rest)
    return all.reshaped(rows.count + 1, size).selectingRows(places).reshaped([batch] + other.shape.dropFirst())
  }
}
