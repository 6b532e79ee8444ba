/// Adapters of files, and the registry with their names.
package struct AdaptersBeside: Sendable {
  /// The adapters, those of files under their names too.
  package private(set) var registry: AdapterRegistry
  /// The files, by the names of their adapters.
  package private(set) var files: [String: AdapterFile] = [:]

  /// No file yet.
  package init(registry: AdapterRegistry) {
    self.registry = registry
  }

  /// Opens a file, and registers its kind under another name where it has one.
  ///
  /// - Throws: where it is no adapter's, is of a kind that is not registered, or its name is taken.
  package mutating func add(_ path: String, as given: String?) throws {
    let file = try AdapterFile(contentsOf: path), kind = file.manifest.adapter
    guard registry.adapters.contains(where: { $0.descriptor.name == kind }) else {
      let known = registry.adapters.map(\.descriptor.name).joined(separator: ", ")
      throw AdapterFileError.otherKind(path: path, kind: kind, known: known)
    }
    let name = given ?? kind
    guard files[name] == nil else { throw AdapterFileError.taken(path: path, name: name) }
    if name != kind { try registry.register(kind, as: name) }
    files[name] = file
  }

  /// A model with the adapters beside it.
  ///
  /// - Parameter note: is told how an adapter fits where it was trained for another model.
  /// - Throws: where one does not fit.
  package func laid(beside model: Model, note: (String) -> Void = { _ in }) throws -> Model {
    var model = model
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      let fit = try file.fit(to: model, registry.adapter(named: name))
      if fit != .exact { note("\(name): \(fit.summary)") }
      model = model.adding(file, as: name)
    }
    return model
  }
}
