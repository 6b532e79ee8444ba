import ARPGAdapterTesting

/// A way to break a rule: an adapter that is right but for one thing.
enum Fault: CaseIterable {
  case descriptorChanges, illFormedDescriptor
  case endOfRangeThrows
  case takesTexts, errorOfSeveralLines
  case notANumberForBlank
  case givesNothing, remembersInputs
  case fitsAnyShape, fitsWithoutWeights, readsToFit, namesNoShape
  case unknownLayer, wrongWidth, infinite
  case looksAtBatch
  case countsCalls, countsThreads
  case lacksNullPrefix, otherNull
  case changesDecoder
  case givesPartWhenCancelled
  case takesNumbersOfDecoder
  case ignoresSeed, drawsWithoutSeed
  case changesSettings, lacksInitialWeight
  case beginsWithNoise
  case detachesWeight, doublesGradient
  case readsFilesOtherwise
  case augmentsShape, augmentsOutOfRange, augmentsWithoutStream
  case storesOtherImage
  case storesNothing, controlsAtRandom
  case illFormedScore, scoresChange
  case scoreNotDescribed, scoreNotANumber, scoringThrows
  case scoresAtRandom
  case scoresBackwards

  /// The rule that it breaks.
  var rule: AdapterRule {
    switch self {
    case .descriptorChanges, .illFormedDescriptor: .descriptor
    case .endOfRangeThrows: .options
    case .takesTexts, .errorOfSeveralLines: .kinds
    case .notANumberForBlank: .inputs
    case .givesNothing, .remembersInputs: .preprocessing
    case .fitsAnyShape, .fitsWithoutWeights, .readsToFit, .namesNoShape: .fit
    case .unknownLayer, .wrongWidth, .infinite: .condition
    case .looksAtBatch: .batch
    case .countsCalls, .countsThreads: .repeatability
    case .lacksNullPrefix, .otherNull: .nullPrefix
    case .changesDecoder: .off
    case .givesPartWhenCancelled: .cancellation
    case .takesNumbersOfDecoder: .randomNumbers
    case .ignoresSeed, .drawsWithoutSeed: .initialParameters
    case .changesSettings, .lacksInitialWeight: .initialFit
    case .beginsWithNoise: .newAdapter
    case .detachesWeight, .doublesGradient: .gradients
    case .readsFilesOtherwise: .weightsAlone
    case .augmentsShape, .augmentsOutOfRange, .augmentsWithoutStream: .augmentation
    case .storesOtherImage: .storedControl
    case .storesNothing, .controlsAtRandom: .controlOfImage
    case .illFormedScore, .scoresChange: .scoreDescriptions
    case .scoreNotDescribed, .scoreNotANumber, .scoringThrows: .scoreValues
    case .scoresAtRandom: .scorePurity
    case .scoresBackwards: .ownControl
    }
  }
}
