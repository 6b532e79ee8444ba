/// The settings of `arpg train adapter`: those of ``DecoderRecipe`` with other defaults. The decoder stays as it is, the
/// rate is the published 1e-4 and constant, and a decoder that is trained along is the one that was given.
public struct AdapterRecipe: Recipe, Equatable {
  /// The settings.
  public var decoder: DecoderRecipe

  /// The defaults of `arpg train adapter`.
  public init() {
    decoder = DecoderRecipe()
    decoder.trainDecoder = false
    decoder.continueDecoder = true
    decoder.loop.learningRate = 1e-4
    decoder.loop.schedule = .constant
  }

  /// Reads the settings; all of them must be there.
  public init(from decoder: any Decoder) throws {
    self.decoder = try DecoderRecipe(from: decoder)
  }

  /// Writes all settings into one object.
  public func encode(to encoder: any Encoder) throws { try decoder.encode(to: encoder) }

  /// The settings that may change when a run is resumed.
  public static let changeable = DecoderRecipe.changeable

  /// Checks every setting; at least one adapter must be named.
  public func validate() throws {
    try decoder.validate()
    try TrainingError.require(!decoder.adapters.isEmpty, "adapters", "empty", "the names of those to train")
  }
}
