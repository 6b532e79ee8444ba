/// What random numbers are for: the last word of a generator's counter, so that no two uses of a seed share numbers.
public struct RandomPurpose: Sendable, Hashable {
  /// The number in the generator's counter.
  public let number: UInt32

  private init(_ number: UInt32) {
    self.number = number
  }

  /// A purpose of another package: adapters, decoder families and networks that are not part of this one.
  ///
  /// - Parameter number: from 0 on; two packages that are used together choose different ones. Traps for 2³² - 2¹⁶ and
  ///   above.
  public static func custom(_ number: UInt32) -> RandomPurpose {
    precondition(number < UInt32.max - firstCustom, "the purpose \(number) is out of range")
    return RandomPurpose(firstCustom + number)
  }

  /// Smaller numbers belong to this package.
  private static let firstCustom: UInt32 = 1 << 16

  /// The code at a position of an image.
  public static let code = RandomPurpose(0)
  /// The order in which an image is decoded.
  public static let order = RandomPurpose(1)
  /// Which codes of an image that is edited are kept.
  public static let kept = RandomPurpose(5)
  /// The codes and ranks of a step in an order by confidence.
  public static let confidence = RandomPurpose(3)
  /// The weights of a new adapter.
  public static let adapter = RandomPurpose(2)
  /// Which values are dropped out.
  public static let dropout = RandomPurpose(16)
  /// The order of the samples in an epoch.
  public static let shuffle = RandomPurpose(17)
  /// Which crop of a sample is taken.
  public static let crop = RandomPurpose(18)
  /// The order in which a sample's codes are predicted in training.
  public static let trainingOrder = RandomPurpose(19)
  /// Whether class and controls are dropped.
  public static let drop = RandomPurpose(20)
  /// How a control is changed.
  public static let augmentation = RandomPurpose(21)
  /// The weights of a new model.
  public static let initialization = RandomPurpose(22)
  /// Which vectors replace unused codes of a codebook.
  public static let codebook = RandomPurpose(23)
  /// The weights of a discriminator.
  public static let discriminator = RandomPurpose(24)
  /// The order in which the codes of a held-out sample are predicted.
  public static let heldOutOrder = RandomPurpose(25)
  /// Which samples are held out.
  public static let heldOut = RandomPurpose(26)
}
