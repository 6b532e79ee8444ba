import Foundation

/// What tells the parts of a model from others: hashes over the sizes of a part and the values of its weights, the same whatever
/// precision the values are stored in.
extension ModelFolder {
  /// Of the decoder, before its weights were packed; nil where there is none.
  ///
  /// - Throws: where its file is broken.
  public func decoderFingerprint() throws -> String? {
    try description.decoder.map { part in try fingerprint(part.file, part.fingerprint) }
  }

  /// Of the tokenizer, before its weights were packed; nil where there is none.
  ///
  /// - Throws: where its file is broken.
  public func tokenizerFingerprint() throws -> String? {
    try description.tokenizer.map { part in
      try fingerprint(part.file) {
        try Fingerprint.of(
          part.architecture.architecture, JSONValue(encoding: part.configuration), $0, part.parameterTable.map(\.name))
      }
    }
  }

  /// What a file of packed weights says, or what its tensors give; pages that were read for it are given back.
  private func fingerprint(_ file: String, _ compute: (Checkpoint) throws -> String) throws -> String {
    let checkpoint = try Checkpoint.open(path(of: file))
    defer { checkpoint.forget() }
    return try checkpoint.manifest?.fingerprint ?? compute(checkpoint)
  }

  /// Of an adapter's weights; nil where the model has none for it.
  ///
  /// - Throws: where its file is broken.
  public func fingerprint(ofAdapter name: String) throws -> String? {
    try description.adapters[name].map { try AdapterManifest.fingerprint(of: Checkpoint.open(path(of: $0.file))) }
  }
}

extension DecoderPart {
  /// What tells the decoder of some weights from others.
  ///
  /// - Throws: where a tensor cannot be read.
  public func fingerprint(of weights: any ParameterSource) throws -> String {
    try Fingerprint.of(
      family.architecture, JSONValue(encoding: configuration), weights, parameterTable.map(\.name))
  }
}

extension Fingerprint {
  /// Of a kind of part, its sizes, and some of its tensors.
  fileprivate static func of(
    _ kind: String, _ configuration: JSONValue, _ weights: any ParameterSource, _ names: [String]
  ) throws -> String {
    var fingerprint = Fingerprint()
    fingerprint.add(kind)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    fingerprint.add(String(decoding: try encoder.encode(configuration), as: UTF8.self))
    for name in names.sorted() { fingerprint.add(name, try weights.tensor(named: name)) }
    return fingerprint.text
  }
}
