/// Training that cannot be done.
public enum TrainingError: Error, CustomStringConvertible, Equatable {
  /// The loss or its gradients are no longer finite.
  case diverged(step: Int, loss: Float)
  /// A setting has a value out of its range.
  case outOfRange(setting: String, found: String, expected: String)
  /// There is no usable data.
  case noData(path: String, expected: String)
  /// A file of the data is not what it should be.
  case sample(path: String, found: String, expected: String)
  /// The run's folder belongs to other settings.
  case otherRun(path: String, setting: String, found: String, expected: String)
  /// Another process trains in the run's folder.
  case locked(path: String)
  /// A key of a recipe that does not exist.
  case unknownKey(source: String, key: String, nearest: String?, known: [String])
  /// A recipe, or a setting of it, that cannot be read.
  case recipe(source: String, reason: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .diverged(let step, let loss):
      "step \(step): the loss is \(loss) or its gradients are not finite; resume from the last checkpoint with a lower "
        + "learning rate"
    case .outOfRange(let setting, let found, let expected): "\(setting) is \(found); it takes \(expected)"
    case .noData(let path, let expected): "\(path): there is no training data; expected \(expected)"
    case .sample(let path, let found, let expected): "\(path): \(found); expected \(expected)"
    case .otherRun(let path, RunFolder.dataKey, _, _):
      "\(path): the data has changed since the run was stopped (other files, codes of another tokenizer, or another share "
        + "held out); give the same data, or --accept-new-data"
    case .otherRun(let path, let setting, let found, let expected):
      "\(path): the run has \(setting) \(expected), this command \(found); give the same settings or another folder"
    case .locked(let path):
      "\(path): another process trains in this folder; wait until it ends, or give another folder"
    case .unknownKey(let source, let key, let nearest, let known):
      "\(source): there is no setting '\(key)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "; known are \(known.joined(separator: ", "))")
    case .recipe(let source, let reason): "\(source): \(reason)"
    }
  }
}
