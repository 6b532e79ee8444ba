/// How an adapter file suits a model.
public enum AdapterFit: Sendable, Equatable {
  /// It was trained for this decoder and this tokenizer.
  case exact
  /// The sizes are the same; which parts have other weights, or are not known to have the same.
  case sameSizes(otherWeights: [String])

  /// One line for people.
  public var summary: String {
    switch self {
    case .exact: "it was trained for this model"
    case .sameSizes(let parts):
      "the sizes are right, but it was trained with another \(parts.joined(separator: " and another "))"
    }
  }
}

extension AdapterFile {
  /// Compares the adapter with a model: its sizes, what the adapter says of shapes, and hashes.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - adapter: of the file's kind.
  /// - Throws: ``AdapterFileError/misfit(path:model:differences:)``, which names the sizes that differ.
  public func fit(to model: Model, _ adapter: any ControlAdapter) throws -> AdapterFit {
    func misfit(_ differences: String) -> AdapterFileError {
      .misfit(path: path, model: model.description.name, differences: differences)
    }
    var differences: [String] = []
    func compare(_ what: String, _ own: Int?, _ found: Int) {
      if let own, own != found { differences.append("its \(what) is \(own), the model's \(found)") }
    }
    let layout = model.layout, decoder = manifest.decoder
    compare("width", decoder?.dim, layout.dim)
    compare("number of layers", decoder?.layers, layout.injectableLayers)
    compare("number of rows", decoder?.rows, layout.rows)
    compare("number of columns", decoder?.columns, layout.columns)
    compare("number of codes", decoder?.vocab, layout.vocab)
    compare("image size", manifest.imageSize, model.imageSize.width)
    guard differences.isEmpty else { throw misfit(differences.joined(separator: ", ")) }
    do {
      _ = try adapter.fit(
        to: AdapterModel(layout: layout, imageSize: model.imageSize, classNames: model.classNames, weights: weights))
    } catch {
      throw misfit("\(error)")
    }
    let fingerprints = try model.fingerprints(adapters: [])
    let own = [("decoder", manifest.decoder?.fingerprint), ("tokenizer", manifest.tokenizer)]
    let others = own.filter { $0.1 == nil || $0.1 != fingerprints[$0.0] }.map(\.0)
    return others.isEmpty ? .exact : .sameSizes(otherWeights: others)
  }
}

extension Model {
  /// The model with an adapter of a file beside it, in the place of one of that name where it has one. Nothing is written.
  public func adding(_ file: AdapterFile, as name: String) -> Model {
    var model = self
    model.added[name] = file
    return model
  }
}
