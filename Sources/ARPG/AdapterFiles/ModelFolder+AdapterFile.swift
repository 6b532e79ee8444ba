extension ModelFolder {
  /// Writes an adapter of the model as a file of its own, which says what model it is for.
  ///
  /// - Parameters:
  ///   - name: of the adapter.
  ///   - path: of the file.
  ///   - describe: changes what the file says of itself.
  /// - Throws: ``RegistryError`` where the model has no such adapter; where a file cannot be read or written; what `describe`
  ///   throws.
  public func writeAdapter(
    _ name: String, to path: String, describe: (inout AdapterManifest) throws -> Void = { _ in }
  ) throws {
    guard let part = description.adapters[name] else {
      let known = description.adapters.keys.sorted()
      throw RegistryError.unknown(
        kind: "adapter with weights in \(self.path)", name: name, known: known, nearest: name.nearest(among: known))
    }
    let checkpoint = try Checkpoint.open(self.path(of: part.file))
    var manifest =
      try AdapterFile.manifest(of: checkpoint)
      ?? AdapterManifest(
        adapter: name, configuration: part.configuration, weights: AdapterManifest.fingerprint(of: checkpoint))
    if manifest.decoder?.fingerprint == nil, let decoder = description.decoder {
      manifest.decoder = AdapterManifest.Decoder(decoder, fingerprint: try decoderFingerprint())
      manifest.tokenizer = try tokenizerFingerprint()
      manifest.imageSize = description.imageSize
      manifest.trainingData = manifest.trainingData ?? description.trainingData
    }
    try describe(&manifest)
    var writer = SafetensorsWriter(metadata: try manifest.metadata())
    writer.add(checkpoint)
    try writer.write(to: path)
  }
}
