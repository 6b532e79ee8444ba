import ARPG
import ARPGTensor

extension TrainingData {
  /// An image of what is learnt from: for each sample a column with its image, as the tokenizer gives it back, and for each
  /// adapter the stored control and what training makes of it.
  ///
  /// - Parameters:
  ///   - adapters: whose controls are shown.
  ///   - count: how many samples, spread over all.
  ///   - changes: how many changed controls are shown below each stored one.
  ///   - seed: of the changes.
  /// - Throws: where a file is missing or cannot be read.
  public func sheet(adapters: [any TrainableAdapter], count: Int, changes: Int, seed: UInt64) throws -> Image {
    let count = min(count, self.count)
    let tokenizer = try description.flatMap { try $0.description.tokenizer == nil ? nil : $0.loadTokenizer() }
    let context = PreprocessingContext(imageSize: description?.imageSize, classNames: classNames)
    var rows = [[Image]](repeating: [], count: (tokenizer == nil ? 0 : 1) + adapters.count * (1 + changes))
    for column in 0..<count {
      let index = column * self.count / count
      let sample = try sample(index) { _ in 0 }
      var row = 0
      func add(_ image: Image?) {
        if let image { rows[row].append(image) }
        row += 1
      }
      if let tokenizer {
        let side = Int(Double(tokens).squareRoot().rounded())
        add(try tokenizer.image(of: sample.codes, rows: side, columns: side))
      }
      for (number, adapter) in adapters.enumerated() {
        let stored = try control(adapter, of: index, sample, in: context)
        add(stored.image)
        for change in 0..<changes {
          var random = PhiloxStream(
            Philox(seed: seed),
            name: SIMD3(
              UInt32(truncatingIfNeeded: index), UInt32(change * adapters.count + number),
              RandomPurpose.augmentation.number))
          add(adapter.augment(stored, using: &random).image)
        }
      }
    }
    return ContactSheet(columns: count).image(of: rows.flatMap { $0 })
  }
}
