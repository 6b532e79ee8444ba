/// A decoder of images, and with its static members the family that it belongs to: it predicts the codes of an image from
/// those known so far, a prefix that says what the image shows, and condition tokens that say what is where.
///
/// Sampling, guidance, filters, random numbers, known codes, traces and previews are written once for all families. A
/// family keeps these rules:
///
/// 1. What it predicts for an image depends on nothing else of the batch.
/// 2. Without condition tokens at any position it predicts, bit for bit, what it predicts with none at all.
/// 3. Codes taken with ``DecodingState/accept(_:at:)`` before the first prediction count like codes that were sampled.
/// 4. Training and sampling run the same layers.
/// 5. Where ``DecoderLayout/order`` says that positions are independent, what it predicts at one depends on nothing else that
///    is asked.
public protocol ImageDecoder: Module where Configuration: ImageDecoderConfiguration {
  /// The family's name in `"architecture"` of a model's description: lower-case letters, digits, hyphens.
  static var architecture: String { get }
  /// What the family is, in a few words, for lists and errors.
  static var summary: String { get }

  /// Whether a checkpoint's tensors are those of this family, by their names alone.
  static func recognizes(_ source: any ParameterSource) -> Bool
  /// The sizes of a checkpoint, as far as the shapes of its tensors tell; the rest from hints, or as published.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``, which says what is missing and what to give.
  static func configuration(of source: any ParameterSource, _ hints: DecoderHints) throws(ConfigurationError)
    -> Configuration
  /// The settings that a model of some sizes is sampled with unless told otherwise.
  static func suggestedSettings(for configuration: Configuration) -> SamplingSettings
  /// The tensor that has a row for each class, in order, and its first row of them; nil where there is none. By default nil.
  /// Where a decoder is trained on with other classes, its rows change their places by the classes' names.
  static func classRows(of configuration: Configuration) -> (tensor: String, first: Int)?
  /// How guidance goes.
  static var guidance: GuidanceConvention { get }
  /// How many codes each step may decode; the first is the one that its authors suggest.
  static var schedules: [Schedule] { get }

  /// The sizes.
  var configuration: Configuration { get }
  /// What the rest of the program needs to know: by default that of the configuration.
  var layout: DecoderLayout { get }
  /// The weights of the output layer, `[vocab, dim]`: the direction of each code's logit.
  var outputWeights: Tensor { get }
  /// The prefix of no condition at all, `[1, length, dim]`.
  var nullPrefix: Tensor { get }
  /// The prefix of classes, `[classes, length, dim]`; nil stands for none. Differentiable.
  ///
  /// - Throws: ``DecoderError`` where the decoder knows no classes, or not this one.
  func prefix(ofClasses classes: [Int?]) throws(DecoderError) -> Tensor
  /// The prefix of texts by their features, each `[length, width]`.
  ///
  /// - Throws: ``DecoderError`` where the decoder takes no text, or features of another shape.
  func prefix(ofTexts features: [Tensor]) throws(DecoderError) -> Condition.Prefix

  /// Begins to decode a batch of images.
  func makeState(_ start: DecodingStart) -> any DecodingState

  /// The same weights for images of another grid than that of training, whose ``layout`` is the new one. By default there is
  /// none.
  ///
  /// - Parameters:
  ///   - rows: of the grid of codes, at least 1.
  ///   - columns: of the grid of codes, at least 1.
  /// - Throws: ``DecoderError/grid(rows:columns:family:expected:)`` where the family cannot.
  func extended(toRows rows: Int, columns: Int) throws(DecoderError) -> any ImageDecoder

  /// The mean cross-entropy of predicting every code of every image, in an order for each, without looking ahead.
  /// Differentiable.
  ///
  /// - Parameters:
  ///   - codes: for each row, its codes in raster order.
  ///   - orders: for each row, a permutation of the positions; where the order is raster, that one.
  ///   - prefix: `[batch, length, dim]`.
  ///   - conditions: condition tokens by layer, `[batch, tokens, dim]` in raster order.
  ///   - dropout: of this step; nil for none.
  /// - Returns: a scalar.
  func trainingLoss(
    codes: [[Int]], orders: [[Int]], prefix: Tensor, conditions: [Int: Tensor], dropout: Dropout?
  ) -> Tensor
}

extension ImageDecoder {
  /// None.
  public static func classRows(of configuration: Configuration) -> (tensor: String, first: Int)? { nil }

  /// The layout.
  public var layout: DecoderLayout { configuration.layout }

  /// Throws: the decoder has one grid.
  public func extended(toRows rows: Int, columns: Int) throws(DecoderError) -> any ImageDecoder {
    throw .grid(
      rows: rows, columns: columns, family: Self.architecture, expected: "\(layout.columns) x \(layout.rows)")
  }

  /// Throws: the decoder takes no text.
  public func prefix(ofTexts features: [Tensor]) throws(DecoderError) -> Condition.Prefix {
    throw .noText
  }

  /// The schedule of a name.
  ///
  /// - Throws: ``SamplingError/outOfRange(setting:found:expected:)`` where the family has none of it.
  static func schedule(named name: Schedule.Name) throws(SamplingError) -> Schedule {
    if let schedule = schedules.first(where: { $0.name == name }) { return schedule }
    throw .outOfRange(
      setting: "schedule", found: name.rawValue,
      expected: "\(schedules.map(\.name.rawValue).joined(separator: " or ")) with a decoder of \(architecture)")
  }
}

/// The sizes of a decoder, as they stand in a model's description.
public protocol ImageDecoderConfiguration: Sendable, Hashable, Codable {
  /// What the rest of the program needs to know.
  var layout: DecoderLayout { get }
  /// The sizes in a few words, for people: `36 layers, width 1280, 20 heads`.
  var summary: String { get }
  /// Checks every field.
  ///
  /// - Throws: ``/ARPGCheckpoints/ConfigurationError``.
  func validate() throws(ConfigurationError)
}

/// What a user may say of a checkpoint that its tensors do not tell.
public struct DecoderHints: Sendable {
  /// The number of attention heads.
  public var heads: Int?
  /// The number of classes.
  public var classes: Int?
  /// The side of the grid of codes.
  public var grid: Int?

  /// Hints; see the properties.
  public init(heads: Int? = nil, classes: Int? = nil, grid: Int? = nil) {
    self.heads = heads
    self.classes = classes
    self.grid = grid
  }

  /// Whether nothing is given.
  var isEmpty: Bool { heads == nil && classes == nil && grid == nil }
}

/// A condition that a decoder does not take.
public enum DecoderError: Error, CustomStringConvertible, Equatable {
  /// The decoder is not conditioned on classes.
  case noClasses
  /// The decoder is not conditioned on texts.
  case noText
  /// The decoder has fewer classes.
  case classOutOfRange(Int, classes: Int)
  /// The features of a text have another shape.
  case textShape(found: [Int], expected: DecoderLayout.Text)
  /// The family makes no images of this grid.
  case grid(rows: Int, columns: Int, family: String, expected: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .noClasses: "this model is not conditioned on classes; leave the class out"
    case .noText: "this model is not conditioned on text; leave the text out"
    case .classOutOfRange(let index, let classes):
      "class \(index) is out of range; the model has \(classes) classes, 0 to \(classes - 1)"
    case .textShape(let found, let expected):
      "the features of a text have the shape \(found); the model takes [1 to \(expected.maxLength), \(expected.width)]"
    case .grid(let rows, let columns, let family, let expected):
      "this decoder of \(family) makes no images of \(columns) x \(rows) codes, only of \(expected)"
    }
  }
}
