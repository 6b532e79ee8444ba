import ARPGTensor

/// An adapter that can be trained: how new weights begin, and what training makes of data. Beside the rules of
/// ``ControlAdapter`` it keeps these:
///
/// 14. Initial parameters depend on model, settings and seed alone, and another seed gives others.
/// 15. Initial settings and parameters fit the model that they are made for, also where the settings are read again.
/// 16. The condition tokens of a new adapter change nothing, bit for bit.
/// 17. A condition is differentiable with respect to all weights.
/// 18. A condition depends on settings, weights and inputs alone: weights that are read from a file give the same
///     bits.
/// 19. Augmentation keeps shape and range, and depends on control and stream alone.
/// 20. A stored control is what the preprocessor gave, within the rounding of an image of 8 bits a channel.
/// 21. The control of a training image has an image to store, and depends on the training image alone.
public protocol TrainableAdapter: ControlAdapter {
  /// Makes the settings and weights of a new encoder for a model, which training begins with.
  ///
  /// - Parameters:
  ///   - model: what the encoder is for.
  ///   - settings: what the user wishes of the adapter's settings; nil for the defaults.
  ///   - seed: of the random numbers.
  /// - Throws: where the wishes do not suit the model.
  func initialParameters(for model: AdapterModel, settings: JSONValue?, seed: UInt64) throws -> NewAdapter

  /// What data preparation stores a control as: an image, or a text as it is given. By default the kind of input that the adapter
  /// takes. An adapter of texts whose control an image tells is stored as an image, which the text is turned into where one is given.
  var storedKind: AdapterDescriptor.Input { get }

  /// Turns a stored control, of ``storedKind``, into what the encoder sees when it is trained: a control image as data preparation
  /// stores it beside the codes, preprocessed already, or a text. By default the input is preprocessed as one that a user gives.
  func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl

  /// The maps of training images that ``control(of:in:)`` makes use of where they are there; by default none. One with
  /// the adapter's own name says how images are scaled that are given as its controls.
  var trainingMaps: [TrainingMap] { get }

  /// The control that an image follows: its edges, for example. Data preparation stores it beside the codes, with its
  /// ``PreparedControl/trainingImages``. By default nil, which means that an image does not tell.
  func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl?

  /// Changes a stored control at random, within what users may give: the weight of lines, the range of a depth map. By
  /// default nothing changes.
  func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl
}

extension TrainableAdapter {
  /// The kind of input that the adapter takes.
  public var storedKind: AdapterDescriptor.Input { descriptor.input }

  /// The input, preprocessed with the options' defaults.
  public func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl {
    let options = try OptionValues(for: descriptor)
    let controls = try makePreprocessor(nil).preprocess(
      AdapterInput(input, size: context.imageSize), options: options, in: context)
    guard controls.count == 1 else {
      throw AdapterTrainingError.count(adapter: descriptor.name, found: controls.count)
    }
    return controls[0]
  }

  /// No maps: the image is enough.
  public var trainingMaps: [TrainingMap] { [] }

  /// Nil: the control must be given beside the image.
  public func control(of image: TrainingImage, in context: PreprocessingContext) throws -> PreparedControl? { nil }

  /// The control as it is.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl { control }
}

/// The settings and weights of an adapter before anything is trained.
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
  /// The adapter has no weights to train.
  case notTrainable(adapter: String)
  /// A stored control describes another number of images than one.
  case count(adapter: String, found: Int)
  /// The adapter's prefix stands in the place of the class, which every sample has in front.
  case replacesClass(adapter: String)

  /// What was found, and what to do.
  public var description: String {
    switch self {
    case .notTrainable(let adapter):
      "the adapter \(adapter) has no weights of its own to train; adapters that have conform to TrainableAdapter"
    case .count(let adapter, let found):
      "a stored control of \(adapter) describes \(found) images, expected 1; prepare the data again"
    case .replacesClass(let adapter):
      "the prefix of \(adapter) stands in the place of the class and cannot be trained; give one that stands behind it"
    }
  }
}

extension AdapterRegistry {
  /// The adapter of a name, to be trained.
  ///
  /// - Throws: ``RegistryError``, or ``AdapterTrainingError/notTrainable(adapter:)``.
  public func trainableAdapter(named name: String) throws -> any TrainableAdapter {
    guard let adapter = try adapter(named: name) as? any TrainableAdapter else {
      throw AdapterTrainingError.notTrainable(adapter: name)
    }
    return adapter
  }
}
