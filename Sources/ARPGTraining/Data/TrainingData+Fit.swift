import ARPG

/// Whether data suits a model.
extension TrainingData {
  /// Checks that the codes of data are those of a model's tokenizer.
  ///
  /// - Throws: ``TrainingError/sample(path:found:expected:)``.
  package static func checkTokenizer(of data: [TrainingData], against model: ModelFolder) throws {
    let others = data.filter { data in data.description.map { $0.path != model.path } ?? false }
    // Every weight of a tokenizer is read for it: once, and only where there is something to compare.
    guard !others.isEmpty, let expected = try model.tokenizerFingerprint() else { return }
    for data in others {
      guard let found = try data.description?.tokenizerFingerprint(), found != expected else { continue }
      throw TrainingError.sample(
        path: data.root, found: "codes of another tokenizer (fingerprint \(found.prefix(8)))",
        expected: "those of \(model.path) (\(expected.prefix(8))); prepare the data with `--model \(model.path)`")
    }
  }

  /// Checks that images have as many codes as a decoder makes, and no more classes than it has.
  ///
  /// - Throws: ``TrainingError/sample(path:found:expected:)``.
  package func check(for layout: DecoderLayout) throws {
    guard tokens == layout.tokens else {
      throw TrainingError.sample(
        path: root, found: "\(tokens) codes an image", expected: "\(layout.tokens), as the decoder has")
    }
    if let classes, classes > layout.classes {
      throw TrainingError.sample(
        path: root, found: "\(classes) classes", expected: "\(layout.classes), as the decoder has")
    }
  }

  /// Checks that the codes and the class of an image are a decoder's.
  ///
  /// - Throws: ``TrainingError/sample(path:found:expected:)``.
  package func check(_ sample: Sample, at index: Int, for layout: DecoderLayout) throws {
    if let code = sample.codes.first(where: { !(0..<layout.vocab ~= $0) }) {
      throw TrainingError.sample(
        path: path(of: index), found: "the code \(code)", expected: "0 to \(layout.vocab - 1)")
    }
    guard let label = sample.label else { return }
    guard 0..<layout.classes ~= label else {
      throw TrainingError.sample(
        path: path(of: index), found: "the class \(label)", expected: "0 to \(layout.classes - 1)")
    }
  }
}
