/// An adapter under another name, so that a request may have two of one kind with weights of their own.
struct NamedAdapter: ControlAdapter {
  let base: any ControlAdapter
  let name: String

  var descriptor: AdapterDescriptor { base.descriptor.renamed(name) }

  func makePreprocessor(_ weights: AdapterWeights?) throws -> any ControlPreprocessor {
    try base.makePreprocessor(weights)
  }

  func settings(of weights: AdapterWeights) throws -> JSONValue { try base.settings(of: weights) }
  func fit(to model: AdapterModel) throws -> any FittedAdapter { try base.fit(to: model) }
}

extension AdapterRegistry {
  /// Adds an adapter that is there under another name, without its shorthand.
  ///
  /// - Throws: ``RegistryError`` where the adapter is not known, or the name is taken or ill-formed.
  public mutating func register(_ name: String, as other: String) throws(RegistryError) {
    try register(NamedAdapter(base: adapter(named: name), name: other))
  }
}
