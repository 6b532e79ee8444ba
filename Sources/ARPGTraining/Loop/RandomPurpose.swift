/// What random numbers of a training run are for: no two uses of a seed share any. 0 to 15 belong to sampling and to new
/// adapters, 16 to dropout.
public struct RandomPurpose: Sendable, Hashable {
  /// The number in the generator's counter.
  public let number: UInt32

  /// A purpose of a number that no other has.
  public init(_ number: UInt32) {
    self.number = number
  }

  /// The order of the samples in an epoch.
  public static let shuffle = RandomPurpose(17)
  /// Which crop of a sample is taken.
  public static let crop = RandomPurpose(18)
  /// The order in which a sample's codes are predicted.
  public static let order = RandomPurpose(19)
  /// Whether class and controls are dropped.
  public static let drop = RandomPurpose(20)
  /// How a control is changed.
  public static let augmentation = RandomPurpose(21)
  /// The weights of a new model.
  public static let initialization = RandomPurpose(22)
  // 23 belongs to codebooks.
  /// The order in which the codes of a held-out sample are predicted.
  static let heldOutOrder = RandomPurpose(24)
}
