import ARPG

/// What is given of an adapter's options: values, and files that are further inputs.
struct GivenOptions {
  /// The values of options that are no inputs, by name.
  private(set) var values: [String: String]
  /// What to read for each further input, by the names of options.
  private(set) var files: [String: (kind: AdapterDescriptor.Input, path: String)] = [:]

  /// Divides `KEY=VALUE` by what the adapter says of its options.
  init(_ given: [String: String], for descriptor: AdapterDescriptor) {
    values = given
    for option in descriptor.options {
      guard let kind = option.input, let path = values.removeValue(forKey: option.name) else { continue }
      files[option.name] = (kind, path)
    }
  }

  /// Checks names and values, before any file is read.
  func check(for descriptor: AdapterDescriptor) throws {
    try descriptor.check(values, inputs: files.mapValues(\.kind))
  }
}
