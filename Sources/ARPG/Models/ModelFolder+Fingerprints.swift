import Foundation

/// What tells the parts of a model from others: hashes over the sizes of a part and the values of its weights, the same whatever
/// precision the values are stored in.
extension ModelFolder {
  /// Of the decoder; nil where there is none.
  ///
  /// - Throws: where its file is broken.
  public func decoderFingerprint() throws -> String? {
    try description.decoder.map { part in
      try fingerprint(
        part.family.architecture, JSONValue(encoding: part.configuration), part.file, part.parameterTable.map(\.name))
    }
  }

  /// Of the tokenizer; nil where there is none.
  ///
  /// - Throws: where its file is broken.
  public func tokenizerFingerprint() throws -> String? {
    try description.tokenizer.map { part in
      try fingerprint(
        part.architecture.architecture, JSONValue(encoding: part.configuration), part.file,
        part.parameterTable.map(\.name))
    }
  }

  /// Of an adapter; nil where the model has no weights for it.
  ///
  /// - Throws: where its file is broken.
  public func fingerprint(ofAdapter name: String) throws -> String? {
    try description.adapters[name].map { try fingerprint(name, $0.configuration, $0.file) }
  }

  /// Of a file's tensors: those that are named, or all of them.
  private func fingerprint(
    _ kind: String, _ configuration: JSONValue, _ file: String, _ names: [String]? = nil
  ) throws -> String {
    let checkpoint = try Checkpoint.open(path(of: file))
    var fingerprint = Fingerprint()
    fingerprint.add(kind)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    fingerprint.add(String(decoding: try encoder.encode(configuration), as: UTF8.self))
    for name in (names ?? Array(checkpoint.names)).sorted() {
      fingerprint.add(name, try checkpoint.tensor(named: name))
    }
    return fingerprint.text
  }
}
