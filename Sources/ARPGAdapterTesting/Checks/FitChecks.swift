import ARPG
import ARPGTensor

extension AdapterSubject {
  func checkFit() throws {
    guard let weights = try weights() else {
      _ = try adapter.fit(to: model(nil))
      throw NotApplicable("it has no weights; it fits the model without")
    }
    let shapes = ShapesAlone(weights.parameters)
    func fit(_ source: (any ParameterSource)?) throws {
      _ = try adapter.fit(
        to: model(source.map { AdapterWeights(configuration: weights.configuration, parameters: $0) }))
    }
    do {
      try fit(shapes)
    } catch is ShapesAlone.Read {
      try require(
        false, found: "that it reads weights to fit", expected: "that it looks at shapes",
        "read them in makeEncoder(_:for:)")
    }
    try checkRefused("no weights") { try fit(nil) }
    for (name, shape) in shapes.shapes.sorted(by: { $0.key < $1.key }) {
      var other = shapes
      other.shapes[name] = nil
      try checkRefused("weights without \(name)") { try fit(other) }
      let wrong = shape.isEmpty ? [1] : shape.dropLast() + [shape[shape.count - 1] + 1]
      other.shapes[name] = wrong
      let error = try checkRefused("weights whose \(name) has the shape \(wrong)") { try fit(other) }
      try require(
        error.contains("\(wrong)"), found: "the error '\(error)' where \(name) has the shape \(wrong)",
        expected: "the shape in the error", "name the tensor, its shape and the one that fits")
    }
  }

  /// The error of something that must be refused.
  @discardableResult
  private func checkRefused(_ what: String, _ body: () throws -> Void) throws -> String {
    do {
      try body()
    } catch {
      try require(
        !(error is ShapesAlone.Read), found: "that it reads \(what)", expected: "an error of fit(to:)",
        "compare names and shapes first")
      try checkReadable(error, for: what)
      return "\(error)"
    }
    try require(
      false, found: "that it fits with \(what)", expected: "an error of fit(to:)",
      "compare names and shapes with those that are needed, as Module.load does")
    return ""
  }
}

/// Weights that tell their shapes alone.
private struct ShapesAlone: ParameterSource {
  struct Read: Error {}
  var shapes: [String: [Int]]
  let sourceName = "weights"

  init(_ source: any ParameterSource) {
    shapes = Dictionary(uniqueKeysWithValues: source.names.map { ($0, source.shape(of: $0) ?? []) })
  }

  var names: [String] { shapes.keys.sorted() }
  func shape(of name: String) -> [Int]? { shapes[name] }
  func tensor(named name: String) throws -> Tensor { throw Read() }
}
