import ARPG

/// An adapter that cannot be used with a model, or an input that it cannot use.
public enum ControlARError: Error, CustomStringConvertible, Equatable {
  /// The model holds no weights for the adapter.
  case noWeights(adapter: String)
  /// The adapter's settings cannot be read, or do not suit its tensors.
  case settings(adapter: String, reason: String)
  /// The adapter was made for another model: everything that differs.
  case misfit(adapter: String, differences: [String])
  /// The input is not an image.
  case notAnImage(adapter: String)
  /// A control image of another shape than the encoder takes.
  case shape(adapter: String, found: [Int], expected: [Int])

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .noWeights(let adapter):
      "the model has no weights for the adapter \(adapter); use a model that lists it under adapters, or train it for "
        + "this one"
    case .settings(let adapter, let reason): "the settings of the adapter \(adapter): \(reason)"
    case .misfit(let adapter, let differences):
      "adapter \(adapter) does not fit the model: \(differences.joined(separator: "; "))"
    case .notAnImage(let adapter): "\(adapter) takes an image; give the name of an image file"
    case .shape(let adapter, let found, let expected):
      "the control image of \(adapter) has the shape \(found), expected \(expected); prepare it for this model"
    }
  }
}
