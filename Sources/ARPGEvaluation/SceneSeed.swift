/// What scenes are rendered for. The seeds of each purpose are its own, far from the small ones of training data.
public enum SceneSeed: UInt64, Sendable {
  /// To train an evaluator.
  case evaluator = 0x4A00_0000_0000_0000
  /// To evaluate a model.
  case heldOut = 0x4800_0000_0000_0000

  /// The seed of the scenes for a user's seed.
  public func of(_ seed: UInt64) -> UInt64 { rawValue &+ seed }
}
