import ARPG
import ARPGTensor
import Foundation

extension AdapterSubject {
  func checkInitialParameters() throws {
    let first = try newAdapter(seed: 7), again = try newAdapter(seed: 7), other = try newAdapter(seed: 8)
    try require(
      first.configuration == again.configuration && first.parameters.difference(from: again.parameters) == nil,
      found: first.parameters.difference(from: again.parameters) ?? "other settings with the same seed",
      expected: "the same settings and parameters", "draw all random numbers from Philox(seed:)")
    try require(
      first.parameters.difference(from: other.parameters) != nil, found: "the same parameters with another seed",
      expected: "others", "draw random numbers from Philox(seed:)")
    try require(
      first.parameters.tensors.mapValues(\.shape) == other.parameters.tensors.mapValues(\.shape)
        && first.configuration == other.configuration, found: "other settings or shapes with another seed",
      expected: "the same", "let them depend on model and settings alone")
  }

  func checkRandomNumbers() throws {
    let seed: UInt64 = 7, parameters = try newAdapter(seed: seed).parameters, generator = Philox(seed: seed)
    for name in parameters.names {
      guard let found = parameters.tensors[name]?.values.prefix(8), found.count == 8, Set(found).count > 4 else {
        continue
      }
      for (purpose, taken) in Self.purposes {
        for number in 0..<max(64, parameters.names.count) {
          let drawn = generator.normalTensor(shape: [8], deviation: 1, number: number, purpose: taken).values
          try require(
            !drawn.isMultiple(of: found), found: "random numbers of the purpose \(purpose) in \(name)",
            expected: "numbers of a purpose of its own",
            "take RandomPurpose.adapter, or a number of RandomPurpose.custom")
        }
      }
    }
  }

  /// What the package draws random numbers for beside new adapters.
  private static let purposes: [(String, RandomPurpose)] = [
    ("initialization", .initialization), ("discriminator", .discriminator), ("codebook", .codebook),
    ("dropout", .dropout), ("augmentation", .augmentation), ("code", .code), ("order", .order),
  ]

  func checkInitialFit() throws {
    let new = try newAdapter()
    let weights = AdapterWeights(configuration: new.configuration, parameters: new.parameters)
    let elements = try elements()
    func condition(_ weights: AdapterWeights, _ what: String) throws -> Condition {
      do {
        return try encoder(weights).encode(elements)
      } catch {
        try require(
          false, found: "the error '\(error)' for \(what)", expected: "that they fit",
          "let initialParameters give what fit(to:) takes")
        throw error
      }
    }
    _ = try condition(weights, "a new adapter")
    // A new one says nothing: what settings change shows later.
    let parameters = new.parameters.perturbed(seed: 3), settings = try adapter.settings(of: weights)
    let first = try condition(AdapterWeights(configuration: new.configuration, parameters: parameters), "its weights")
    let again = try condition(
      AdapterWeights(configuration: settings, parameters: parameters), "the settings that settings(of:) gives")
    let difference = again.difference(from: first)
    try require(
      difference == nil, found: "\(difference ?? "") with the settings that settings(of:) gives",
      expected: "the same condition", "let settings(of:) keep what is given")
  }

  func checkWeightsAlone() throws {
    guard let weights = try weights() else { throw NotApplicable("it has no weights") }
    let elements = try elements(), first = try encoder(weights).encode(elements)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var writer = SafetensorsWriter()
    for name in weights.parameters.names { writer.add(name, try weights.parameters.tensor(named: name)) }
    try writer.write(to: path)
    let settings = try weights.configuration.map {
      try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode($0))
    }
    let read = AdapterWeights(configuration: settings, parameters: try Checkpoint.open(path))
    let difference = try encoder(read).encode(elements).difference(from: first)
    try require(
      difference == nil, found: "\(difference ?? "") with settings and weights that were written and read",
      expected: "the same condition, bit for bit", "keep everything that it depends on in settings and weights")
  }
}

extension ParameterSet {
  /// Where two sets differ, in words; nil where they are the same.
  fileprivate func difference(from other: ParameterSet) -> String? {
    guard names == other.names else { return "the tensors \(names.phrase) and \(other.names.phrase)" }
    for name in names {
      if let one = tensors[name], let another = other.tensors[name], let found = one.difference(from: another) {
        return "\(name) with \(found)"
      }
    }
    return nil
  }
}

extension [Float] {
  /// Whether some numbers are these times a factor, within rounding.
  fileprivate func isMultiple(of others: some Sequence<Float>) -> Bool {
    let others = Array(others)
    let product = zip(self, others).reduce(0) { $0 + $1.0 * $1.1 }
    let sizes = reduce(0) { $0 + $1 * $1 } * others.reduce(0) { $0 + $1 * $1 }
    return product * product > 0.9999 * sizes && sizes > 0
  }
}
