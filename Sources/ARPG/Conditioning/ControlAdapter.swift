import ARPGTensor

/// A control: a way to condition an image on something a user gives.
///
/// An adapter has two halves. The adapter itself needs no weights: it describes itself and turns an input into what its
/// encoder sees. The encoder, made for one model, turns that into a ``Condition``. Nothing else in the package knows
/// adapters by name; a ``AdapterRegistry`` hands them on.
public protocol ControlAdapter: Sendable {
  /// What the adapter is called, what it takes, and which options it has.
  var descriptor: AdapterDescriptor { get }

  /// Turns an input into what the encoder sees, one element for each image that the input describes: a list of classes
  /// describes several, a picture one.
  ///
  /// - Parameters:
  ///   - input: of the kind that the descriptor names.
  ///   - options: for this adapter.
  ///   - context: the model's shape, or the adapter's own size where a preview is made without a model.
  /// - Throws: where the input cannot be used; the error says why and what would be right.
  func preprocess(_ input: ControlInput, options: OptionValues, in context: PreprocessingContext) throws
    -> [PreparedControl]

  /// Makes the encoder for a model.
  ///
  /// - Throws: where the adapter does not fit the model, naming the shapes that differ; before weights are read.
  func makeEncoder(for model: AdapterModel) throws -> any ControlEncoder

  /// Makes the settings and weights of a new encoder for a model, which training begins with.
  ///
  /// Optional: without it, the adapter cannot be trained.
  ///
  /// - Parameters:
  ///   - model: what the encoder is for; `configuration` holds the settings that the user wishes, or nil.
  ///   - seed: of the random numbers.
  /// - Throws: where the wishes do not suit the model.
  func initialParameters(for model: AdapterModel, seed: UInt64) throws -> NewAdapter

  /// Turns a stored control into what the encoder sees when it is trained: a control image as data preparation stores it
  /// beside the codes, preprocessed already, or a text.
  ///
  /// Optional: by default the input is preprocessed as one that a user gives.
  func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl

  /// The maps of training pictures that ``control(of:in:)`` makes use of where they are there.
  ///
  /// Optional: by default none.
  var trainingMaps: [TrainingMap] { get }

  /// The control that a picture follows: its edges, for example. Data preparation stores it beside the codes, with its
  /// ``PreparedControl/trainingPictures``.
  ///
  /// Optional: by default nil, which means that a picture does not tell, and the control must be given.
  func control(of picture: TrainingPicture, in context: PreprocessingContext) throws -> PreparedControl?

  /// Changes a stored control at random, within what users may give: the weight of lines, the range of a depth map.
  ///
  /// Optional: by default nothing changes.
  func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl
}

extension ControlAdapter {
  /// Throws ``AdapterTrainingError/notTrainable(adapter:)``.
  public func initialParameters(for model: AdapterModel, seed: UInt64) throws -> NewAdapter {
    throw AdapterTrainingError.notTrainable(adapter: descriptor.name)
  }

  /// The input, preprocessed with the options' defaults.
  public func storedControl(_ input: ControlInput, in context: PreprocessingContext) throws -> PreparedControl {
    let controls = try preprocess(input, options: OptionValues(for: descriptor), in: context)
    guard controls.count == 1 else {
      throw AdapterTrainingError.count(adapter: descriptor.name, found: controls.count)
    }
    return controls[0]
  }

  /// None.
  public var trainingMaps: [TrainingMap] { [] }

  /// None.
  public func control(of picture: TrainingPicture, in context: PreprocessingContext) throws -> PreparedControl? { nil }

  /// The control as it is.
  public func augment(_ control: PreparedControl, using random: inout PhiloxStream) -> PreparedControl { control }
}

/// The half of an adapter that holds weights: made for one model, it turns prepared inputs into a condition.
public protocol ControlEncoder: Sendable {
  /// Encodes a batch of prepared inputs. Differentiable with respect to the parameters it was made from.
  func encode(_ batch: [PreparedControl]) throws -> Condition
}

/// What a user gives an adapter.
public enum ControlInput: Sendable {
  /// A picture.
  case image(Image)
  /// A text.
  case text(String)
}

/// What an adapter's preprocessing is done for.
public struct PreprocessingContext: Sendable {
  /// The size in pixels that the encoder expects; nil keeps the input's own, for a preview.
  public let imageSize: ImageSize?
  /// The names of the model's classes, in class order; empty where there is no model.
  public let classNames: [String]

  /// A context; see the properties.
  public init(imageSize: ImageSize?, classNames: [String] = []) {
    self.imageSize = imageSize
    self.classNames = classNames
  }
}

/// An input as the encoder sees it.
public struct PreparedControl: Sendable {
  /// The values, in a layout of the adapter's own choice; a control image is `[3, height, width]` in -1 ... 1.
  public let values: Tensor
  /// The same as a picture, where it can be shown.
  public let picture: Image?
  /// What the user should know of how the input was read: "read as a sketch".
  public let note: String?
  /// What training alone looks at, by names of lower-case letters, digits and hyphens: stored beside the control, and there
  /// again when ``ControlAdapter/augment(_:using:)`` is called.
  public var trainingPictures: [String: Image]

  /// A prepared input; see the properties.
  public init(
    values: Tensor, picture: Image? = nil, note: String? = nil, trainingPictures: [String: Image] = [:]
  ) {
    self.values = values
    self.picture = picture
    self.note = note
    self.trainingPictures = trainingPictures
  }
}

/// What an adapter may know of a model when it makes an encoder.
public struct AdapterModel: Sendable {
  /// The decoder that the condition is for.
  public let decoder: Decoder
  /// The tokenizer of the model, where it has one.
  public let tokenizer: VQTokenizer?
  /// The size in pixels of the model's images.
  public let imageSize: ImageSize
  /// The names of the model's classes, in class order.
  public let classNames: [String]
  /// The adapter's own settings in the model's description; nil where the model has none for it.
  public let configuration: JSONValue?
  /// The adapter's weights; nil where the model has none for it.
  public let parameters: (any ParameterSource)?

  /// What an adapter may know; see the properties.
  public init(
    decoder: Decoder, tokenizer: VQTokenizer? = nil, imageSize: ImageSize, classNames: [String] = [],
    configuration: JSONValue? = nil, parameters: (any ParameterSource)? = nil
  ) {
    self.decoder = decoder
    self.tokenizer = tokenizer
    self.imageSize = imageSize
    self.classNames = classNames
    self.configuration = configuration
    self.parameters = parameters
  }
}
