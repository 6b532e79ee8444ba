/// A rule that adapters keep, with what checks it: ``/ARPG/ControlAdapter`` lists those of all adapters,
/// ``/ARPG/TrainableAdapter`` those of adapters that are trained, from ``initialParameters`` on, and ``/ARPG/ScoredAdapter``
/// those of adapters that tell how well they are followed, from ``scoreDescriptions`` on.
///
/// The package of an adapter checks all of them, each a case of one test:
///
///     @Test(arguments: AdapterRule.allCases)
///     func keeps(rule: AdapterRule) async throws { try await rule.check(MyControl()) }
///
/// Nothing is loaded: the adapter is used with a small decoder and tokenizer of random weights. ``AdapterExample`` tells of an
/// adapter that needs other inputs, settings or sizes.
public enum AdapterRule: Int, Sendable, CaseIterable, Codable {
  case descriptor = 1, options, kinds, inputs, preprocessing, fit, condition, batch, repeatability, nullPrefix, off
  case cancellation, randomNumbers
  case initialParameters, initialFit, newAdapter, gradients, weightsAlone, augmentation, storedControl, controlOfImage
  case scoreDescriptions, scoreValues, scorePurity, ownControl

  /// Its number in the lists.
  public var number: Int { rawValue }

  /// The rule in a sentence, the same as in the lists.
  public var text: String {
    switch self {
    case .descriptor: "Its descriptor is well-formed, as AdapterDescriptor says, and always the same."
    case .options: "Every value within the range of an option can be used, the default and both ends included."
    case .kinds: "An input of another kind than the descriptor's is refused with an error of one line."
    case .inputs:
      """
      Any input of its kind is used or refused with an error of one line, by the preprocessor or the encoder: images of any \
      size, grey, of 16 bits or transparent, with and without a model.
      """
    case .preprocessing:
      "Preprocessing gives at least one element or throws, and depends on input, options and context alone."
    case .fit:
      """
      Fitting looks at settings and shapes only, and refuses weights that are missing, or that have another shape, which the \
      error names.
      """
    case .condition: "A condition is finite, and has the layers, tokens and width of the decoder."
    case .batch: "The condition of an element depends on nothing else of the batch."
    case .repeatability: "Encoding gives the same bits each time, on any number of threads."
    case .nullPrefix:
      """
      An encoder that gives a prefix has a null prefix, and the null of a prefix is its last rows; all of them where the \
      adapter is trained.
      """
    case .off:
      """
      A control acts by its condition alone: with a strength of 0, an empty window or an empty region it changes nothing, bit \
      for bit.
      """
    case .cancellation:
      "In a task that is cancelled, preprocessing and encoding throw CancellationError or give the same as in any other."
    case .randomNumbers:
      """
      Random numbers of its own belong to purposes that RandomPurpose.custom gives, and those of new weights may belong to \
      RandomPurpose.adapter.
      """
    case .initialParameters:
      "Initial parameters depend on model, settings and seed alone, and another seed gives others."
    case .initialFit:
      "Initial settings and parameters fit the model that they are made for, also where the settings are read again."
    case .newAdapter: "The condition tokens of a new adapter change nothing, bit for bit."
    case .gradients: "A condition is differentiable with respect to all weights."
    case .weightsAlone:
      "A condition depends on settings, weights and inputs alone: weights that are read from a file give the same bits."
    case .augmentation: "Augmentation keeps shape and range, and depends on control and stream alone."
    case .storedControl:
      "A stored control is what the preprocessor gave, within the rounding of an image of 8 bits a channel."
    case .controlOfImage:
      "The control of a training image has an image to store, and depends on the training image alone."
    case .scoreDescriptions: "Its scores are well-formed, as ScoreDescriptor says, and always the same."
    case .scoreValues:
      """
      Any image of the model's size gets scores that are described and finite; those that cannot be told are left out.
      """
    case .scorePurity: "Scores depend on image, control and context alone."
    case .ownControl: "An image whose own control it is scores at least as well as any other."
    }
  }
}
