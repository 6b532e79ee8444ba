import ARPGTensor

/// A control: a way to condition an image on something that a user gives.
///
/// An adapter describes itself, turns inputs into what its encoder sees, and makes the encoder for a model. Nothing else in
/// the package knows adapters by name; an ``AdapterRegistry`` hands them on. An adapter keeps these rules, which the product
/// `ARPGAdapterTesting` checks; ``TrainableAdapter`` says those of adapters that are trained, and ``ScoredAdapter`` those of
/// adapters that tell how well they are followed:
///
/// 1. Its descriptor is well-formed, as `AdapterDescriptor` says, and always the same.
/// 2. Every value within the range of an option can be used, the default and both ends included.
/// 3. An input of another kind than the descriptor's is refused with an error of one line.
/// 4. Any input of its kind is used or refused with an error of one line, by the preprocessor or the encoder: images
///    of any size, grey, of 16 bits or transparent, with and without a model.
/// 5. Preprocessing gives at least one element or throws, and depends on input, options and context alone.
/// 6. Fitting looks at settings and shapes only, and refuses weights that are missing, or that have another shape,
///    which the error names.
/// 7. A condition is finite, and has the layers, tokens and width of the decoder.
/// 8. The condition of an element depends on nothing else of the batch.
/// 9. Encoding gives the same bits each time, on any number of threads.
/// 10. An encoder that gives a prefix has a null prefix, and the null of a prefix is its last rows; all of them where
///     the adapter is trained.
/// 11. A control acts by its condition alone: with a strength of 0, an empty window or an empty region it changes
///     nothing, bit for bit.
/// 12. In a task that is cancelled, preprocessing and encoding throw `CancellationError` or give the same as in any
///     other.
/// 13. Random numbers of its own belong to purposes that `RandomPurpose.custom` gives, and those of new weights may
///     belong to `RandomPurpose.adapter`.
public protocol ControlAdapter: Sendable {
  /// What the adapter is called, what it takes, and which options it has.
  var descriptor: AdapterDescriptor { get }

  /// Makes what turns inputs into what the encoder sees.
  ///
  /// An adapter that is a ``ControlPreprocessor`` itself needs no more than that. One that needs weights before there is
  /// anything to encode, such as those of an edge network, makes it from them.
  ///
  /// - Parameter weights: those that the model has for it; nil where it has none, or where there is no model.
  /// - Throws: where the weights are needed and missing, or are not what they should be.
  func makePreprocessor(_ weights: AdapterWeights?) throws -> any ControlPreprocessor

  /// The settings of published weights, as a model's description keeps them: what the user gave, and what shapes tell.
  ///
  /// - Parameter weights: the weights, and what the user gave of the settings.
  /// - Throws: where what was given is wrong, or the shapes do not tell the rest.
  func settings(of weights: AdapterWeights) throws -> JSONValue

  /// Checks that the adapter suits a model: by settings and shapes alone, before any weight is read.
  ///
  /// - Throws: where it does not, naming the shapes that differ.
  func fit(to model: AdapterModel) throws -> any FittedAdapter
}

extension ControlAdapter {
  /// What the user gave.
  public func settings(of weights: AdapterWeights) throws -> JSONValue { weights.configuration ?? .null }
}

extension ControlAdapter where Self: ControlPreprocessor {
  /// The adapter itself: it needs no weights before its encoder's.
  public func makePreprocessor(_ weights: AdapterWeights?) throws -> any ControlPreprocessor { self }
}

/// Turns inputs into what an encoder sees.
public protocol ControlPreprocessor: Sendable {
  /// Turns an input into what the encoder sees, one element for each image that the input describes: a list of classes
  /// describes several, an image one.
  ///
  /// - Parameters:
  ///   - input: of the kind that the descriptor names; an image lies on the canvas already.
  ///   - options: for this adapter.
  ///   - context: the model's shape, or the adapter's own size where a preview is made without a model.
  /// - Throws: where the input cannot be used; the error says why and what would be right.
  func preprocess(_ input: AdapterInput, options: OptionValues, in context: PreprocessingContext) throws
    -> [PreparedControl]
}

/// An adapter that suits a model. Weights are bound as often as they change: once to generate images, in every step to
/// train.
public protocol FittedAdapter: Sendable {
  /// Makes the encoder.
  ///
  /// - Parameters:
  ///   - parameters: the adapter's weights, of the shapes that were checked; their values may be tracked. Nil where the
  ///     adapter has none.
  ///   - parts: the decoder that the condition is for, and what belongs to it.
  /// - Throws: where a weight cannot be read.
  func makeEncoder(_ parameters: (any ParameterSource)?, for parts: ModelParts) throws -> any ControlEncoder
}

/// The parts of a model that an encoder may make use of.
public struct ModelParts: Sendable {
  /// The decoder that the condition is for.
  public let decoder: any ImageDecoder
  /// The tokenizer; nil where the decoder is used without one, as in training.
  public let tokenizer: (any ImageTokenizer)?

  /// Parts; see the properties.
  public init(decoder: any ImageDecoder, tokenizer: (any ImageTokenizer)? = nil) {
    self.decoder = decoder
    self.tokenizer = tokenizer
  }
}

/// What turns prepared inputs into a condition.
public protocol ControlEncoder: Sendable {
  /// Encodes a batch of prepared inputs, at least one. Differentiable with respect to the weights it was made from.
  func encode(_ batch: [PreparedControl]) throws -> Condition

  /// The prefix that stands for no input, `[1, length, dim]`; nil where the encoder gives no prefix.
  var nullPrefix: Tensor? { get }
}

extension ControlEncoder {
  /// Nil: the encoder gives condition tokens alone.
  public var nullPrefix: Tensor? { nil }
}

/// What an adapter may know of a model.
public struct AdapterModel: Sendable {
  /// The layout of the decoder that the condition is for.
  public let layout: DecoderLayout
  /// The size in pixels of the model's images.
  public let imageSize: ImageSize
  /// The names of the model's classes, in class order.
  public let classNames: [String]
  /// The adapter's own settings and weights; nil where the model has none for it.
  public let weights: AdapterWeights?

  /// What an adapter may know; see the properties.
  public init(
    layout: DecoderLayout, imageSize: ImageSize, classNames: [String] = [], weights: AdapterWeights? = nil
  ) {
    self.layout = layout
    self.imageSize = imageSize
    self.classNames = classNames
    self.weights = weights
  }
}

/// Settings and weights of a part of an adapter.
public struct AdapterWeights: Sendable {
  /// The settings, which only the adapter knows how to read; nil where none are stored.
  public let configuration: JSONValue?
  /// The weights.
  public let parameters: any ParameterSource

  /// Settings and weights; see the properties.
  public init(configuration: JSONValue? = nil, parameters: any ParameterSource) {
    self.configuration = configuration
    self.parameters = parameters
  }
}
