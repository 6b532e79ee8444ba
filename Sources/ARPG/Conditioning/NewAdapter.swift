import ARPGTensor

/// The settings and weights of an adapter that has learnt nothing yet.
public struct NewAdapter: Sendable {
  /// What the model's description will say of the adapter.
  public var configuration: JSONValue
  /// Its weights, all of which are trained.
  public var parameters: ParameterSet

  /// A new adapter; see the properties.
  public init(configuration: JSONValue, parameters: ParameterSet) {
    self.configuration = configuration
    self.parameters = parameters
  }
}

/// An adapter that cannot be trained as asked.
public enum AdapterTrainingError: Error, CustomStringConvertible, Equatable {
  /// The adapter makes no new weights.
  case notTrainable(adapter: String)
  /// A stored control describes another number of images than one.
  case count(adapter: String, found: Int)

  /// What was found, and what to do.
  public var description: String {
    switch self {
    case .notTrainable(let adapter):
      "the adapter \(adapter) has no weights of its own to train; adapters that have implement initialParameters"
    case .count(let adapter, let found):
      "a stored control of \(adapter) describes \(found) images, expected 1; prepare the data again"
    }
  }
}
